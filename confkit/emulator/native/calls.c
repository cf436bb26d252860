/*
 * The functions that SoftHSM2 performs. Each gets a living member first, and most make a round trip to it.
 *
 * Beginning an operation, asking for the size of a result and reading what a search has found make none: a real client
 * does these itself, and sends an operation of one part as one command.
 */
#include "recovery.h"
#include "sessions.h"
#include "softhsm.h"

/* What a call is to the operation that is active in its session. */
enum part {
    NO_PART,    /* nothing */
    FIRST_PART, /* it begins one: what was left of an earlier one does not matter any more */
    NEXT_PART,  /* it hands over a part */
    LAST_PART,  /* it ends the operation, as does any error */
};

struct call {
    struct session *session;
    enum part part;
    CK_SESSION_HANDLE soft;
};

/* With CKR_OK the call is counted and the lock let go: SoftHSM2 is thread-safe. */
static CK_RV call_begin(struct call *call, CK_SESSION_HANDLE handle, bool round_trip, enum part part)
{
    CK_RV rv = call_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    struct session *session = session_find(handle);
    rv = session ? CKR_OK : CKR_SESSION_HANDLE_INVALID;
    if (session && session->soft == NO_SESSION && !softhsm()) {
        rv = CKR_FUNCTION_NOT_SUPPORTED;
    }
    if (rv == CKR_OK) {
        bool is_active = (session->has_parts && part != FIRST_PART) || part == NEXT_PART || part == LAST_PART;
        session->has_parts = session->has_parts && part != FIRST_PART;
        session->busy++; /* so that no other thread closes it between here and SoftHSM2 */
        rv = session_reach(session, round_trip);
        if (rv == CKR_OK && session->soft == NO_SESSION) {
            rv = CKR_FUNCTION_NOT_SUPPORTED;
        }
        if (rv != CKR_OK) {
            session->has_parts = false;
            if (is_active && session->soft != NO_SESSION) {
                softhsm_cancel_operations(session->soft);
            }
            session->busy--;
        }
    }
    if (rv != CKR_OK) {
        client_wake_all();
        client_leave();
        return rv;
    }
    *call = (struct call){session, part, session->soft};
    client_unlock();
    return CKR_OK;
}

static CK_RV call_end(const struct call *call, CK_RV rv)
{
    client_lock();
    struct session *session = call->session;
    if (call->part == NEXT_PART) {
        session->has_parts = rv == CKR_OK;
    } else if (call->part == LAST_PART && rv != CKR_BUFFER_TOO_SMALL) {
        session->has_parts = false;
    }
    if (--session->busy == 0) {
        client_wake_all();
    }
    client_leave();
    return rv;
}

/* PASS(name, parameters, arguments, round trip, part): `soft` is the first argument of every function of SoftHSM2. */
#define PASS(name, parameters, arguments, round_trip, part)                                                            \
    CK_RV name parameters                                                                                              \
    {                                                                                                                  \
        struct call call;                                                                                              \
        CK_RV rv = call_begin(&call, session, round_trip, part);                                                       \
        return rv == CKR_OK ? call_end(&call, softhsm()->name arguments) : rv;                                         \
    }

#define IN CK_BYTE *in, CK_ULONG in_size
#define OUT CK_BYTE *out, CK_ULONG *out_size
#define ATTRIBUTES CK_ATTRIBUTE *attributes, CK_ULONG count
#define BEGIN(name)                                                                                                    \
    PASS(name, (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key), (call.soft, mechanism, key), \
         false, FIRST_PART)
#define CONVERT(name, part)                                                                                            \
    PASS(name, (CK_SESSION_HANDLE session, IN, OUT), (call.soft, in, in_size, out, out_size), out != NULL,             \
         out ? part : NO_PART)
#define FEED(name) PASS(name, (CK_SESSION_HANDLE session, IN), (call.soft, in, in_size), true, NEXT_PART)
#define FINISH(name)                                                                                                   \
    PASS(name, (CK_SESSION_HANDLE session, OUT), (call.soft, out, out_size), out != NULL, out ? LAST_PART : NO_PART)

PASS(C_InitPIN, (CK_SESSION_HANDLE session, CK_CHAR *pin, CK_ULONG pin_size), (call.soft, pin, pin_size), true, NO_PART)
PASS(C_SetPIN, (CK_SESSION_HANDLE session, CK_CHAR *old, CK_ULONG old_size, CK_CHAR *new, CK_ULONG new_size),
     (call.soft, old, old_size, new, new_size), true, NO_PART)
PASS(C_GetOperationState, (CK_SESSION_HANDLE session, CK_BYTE *state, CK_ULONG *size), (call.soft, state, size), true,
     NO_PART)
PASS(C_SetOperationState,
     (CK_SESSION_HANDLE session, CK_BYTE *state, CK_ULONG size, CK_OBJECT_HANDLE encryption,
      CK_OBJECT_HANDLE authentication),
     (call.soft, state, size, encryption, authentication), true, NO_PART)

PASS(C_CreateObject, (CK_SESSION_HANDLE session, ATTRIBUTES, CK_OBJECT_HANDLE *object),
     (call.soft, attributes, count, object), true, NO_PART)
PASS(C_CopyObject, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, ATTRIBUTES, CK_OBJECT_HANDLE *copy),
     (call.soft, object, attributes, count, copy), true, NO_PART)
PASS(C_DestroyObject, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object), (call.soft, object), true, NO_PART)
PASS(C_GetObjectSize, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ULONG *size), (call.soft, object, size),
     true, NO_PART)
PASS(C_GetAttributeValue, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, ATTRIBUTES),
     (call.soft, object, attributes, count), true, NO_PART)
PASS(C_SetAttributeValue, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, ATTRIBUTES),
     (call.soft, object, attributes, count), true, NO_PART)
PASS(C_FindObjectsInit, (CK_SESSION_HANDLE session, ATTRIBUTES), (call.soft, attributes, count), true, NO_PART)
PASS(C_FindObjects, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *count),
     (call.soft, objects, room, count), false, NO_PART)
PASS(C_FindObjectsFinal, (CK_SESSION_HANDLE session), (call.soft), false, NO_PART)

BEGIN(C_EncryptInit)
CONVERT(C_Encrypt, LAST_PART)
CONVERT(C_EncryptUpdate, NEXT_PART)
FINISH(C_EncryptFinal)
BEGIN(C_DecryptInit)
CONVERT(C_Decrypt, LAST_PART)
CONVERT(C_DecryptUpdate, NEXT_PART)
FINISH(C_DecryptFinal)

PASS(C_DigestInit, (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism), (call.soft, mechanism), false, FIRST_PART)
CONVERT(C_Digest, LAST_PART)
FEED(C_DigestUpdate)
PASS(C_DigestKey, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key), (call.soft, key), true, NEXT_PART)
FINISH(C_DigestFinal)

BEGIN(C_SignInit)
CONVERT(C_Sign, LAST_PART)
FEED(C_SignUpdate)
FINISH(C_SignFinal)
BEGIN(C_SignRecoverInit)
CONVERT(C_SignRecover, LAST_PART)
BEGIN(C_VerifyInit)
PASS(C_Verify, (CK_SESSION_HANDLE session, IN, CK_BYTE *signature, CK_ULONG size),
     (call.soft, in, in_size, signature, size), true, LAST_PART)
FEED(C_VerifyUpdate)
PASS(C_VerifyFinal, (CK_SESSION_HANDLE session, CK_BYTE *signature, CK_ULONG size), (call.soft, signature, size), true,
     LAST_PART)
BEGIN(C_VerifyRecoverInit)
CONVERT(C_VerifyRecover, LAST_PART)

CONVERT(C_DigestEncryptUpdate, NEXT_PART)
CONVERT(C_DecryptDigestUpdate, NEXT_PART)
CONVERT(C_SignEncryptUpdate, NEXT_PART)
CONVERT(C_DecryptVerifyUpdate, NEXT_PART)

PASS(C_GenerateKey, (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, ATTRIBUTES, CK_OBJECT_HANDLE *key),
     (call.soft, mechanism, attributes, count, key), true, NO_PART)
PASS(C_GenerateKeyPair,
     (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public_attributes, CK_ULONG public_count,
      CK_ATTRIBUTE *private_attributes, CK_ULONG private_count, CK_OBJECT_HANDLE *public_key,
      CK_OBJECT_HANDLE *private_key),
     (call.soft, mechanism, public_attributes, public_count, private_attributes, private_count, public_key,
      private_key),
     true, NO_PART)
PASS(C_WrapKey,
     (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key, OUT),
     (call.soft, mechanism, wrapping, key, out, out_size), out != NULL, NO_PART)
PASS(C_UnwrapKey,
     (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE unwrapping, IN, ATTRIBUTES,
      CK_OBJECT_HANDLE *key),
     (call.soft, mechanism, unwrapping, in, in_size, attributes, count, key), true, NO_PART)
PASS(C_DeriveKey,
     (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE base, ATTRIBUTES, CK_OBJECT_HANDLE *key),
     (call.soft, mechanism, base, attributes, count, key), true, NO_PART)
PASS(C_SeedRandom, (CK_SESSION_HANDLE session, CK_BYTE *seed, CK_ULONG size), (call.soft, seed, size), true, NO_PART)
PASS(C_GenerateRandom, (CK_SESSION_HANDLE session, CK_BYTE *out, CK_ULONG size), (call.soft, out, size), true, NO_PART)

/* The standard keeps these two for calls in the background, which it has given up. */
static CK_RV not_parallel(CK_SESSION_HANDLE handle)
{
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        rv = session_find(handle) ? CKR_FUNCTION_NOT_PARALLEL : CKR_SESSION_HANDLE_INVALID;
        client_leave();
    }
    return rv;
}

CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE session)
{
    return not_parallel(session);
}

CK_RV C_CancelFunction(CK_SESSION_HANDLE session)
{
    return not_parallel(session);
}

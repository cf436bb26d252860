/*
 * PKCS#11 v2.20 for UNIX: types, constants and functions.
 *
 * Written here from the published standard (OASIS, "PKCS #11 Cryptographic Token Interface Base Specification"); not
 * copied from anyone's header. CK_ULONG is `unsigned long` and structures have natural alignment, as on every UNIX.
 */
#ifndef CONFKIT_PKCS11_H
#define CONFKIT_PKCS11_H

#include <stddef.h>

typedef unsigned char CK_BYTE;
typedef unsigned char CK_CHAR;
typedef unsigned char CK_BBOOL;
typedef unsigned long CK_ULONG;
typedef CK_ULONG CK_RV;
typedef CK_ULONG CK_FLAGS;
typedef CK_ULONG CK_SLOT_ID;
typedef CK_ULONG CK_SESSION_HANDLE;
typedef CK_ULONG CK_OBJECT_HANDLE;
typedef CK_ULONG CK_NOTIFICATION;
typedef CK_ULONG CK_USER_TYPE;
typedef CK_ULONG CK_STATE;
typedef CK_ULONG CK_MECHANISM_TYPE;
typedef CK_ULONG CK_ATTRIBUTE_TYPE;
typedef CK_RV (*CK_NOTIFY)(CK_SESSION_HANDLE session, CK_NOTIFICATION event, void *application);

#define CKR_OK 0x00UL
#define CKR_HOST_MEMORY 0x02UL
#define CKR_SLOT_ID_INVALID 0x03UL
#define CKR_GENERAL_ERROR 0x05UL
#define CKR_FUNCTION_FAILED 0x06UL
#define CKR_ARGUMENTS_BAD 0x07UL
#define CKR_NO_EVENT 0x08UL
#define CKR_CANT_LOCK 0x0AUL
#define CKR_DEVICE_ERROR 0x30UL
#define CKR_DEVICE_REMOVED 0x32UL
#define CKR_FUNCTION_NOT_PARALLEL 0x51UL
#define CKR_FUNCTION_NOT_SUPPORTED 0x54UL
#define CKR_MECHANISM_INVALID 0x70UL
#define CKR_PIN_INCORRECT 0xA0UL
#define CKR_SESSION_COUNT 0xB1UL
#define CKR_SESSION_HANDLE_INVALID 0xB3UL
#define CKR_SESSION_PARALLEL_NOT_SUPPORTED 0xB4UL
#define CKR_SESSION_READ_ONLY_EXISTS 0xB7UL
#define CKR_TOKEN_NOT_PRESENT 0xE0UL
#define CKR_TOKEN_NOT_RECOGNIZED 0xE1UL
#define CKR_USER_ALREADY_LOGGED_IN 0x100UL
#define CKR_USER_NOT_LOGGED_IN 0x101UL
#define CKR_USER_TYPE_INVALID 0x103UL
#define CKR_USER_ANOTHER_ALREADY_LOGGED_IN 0x104UL
#define CKR_BUFFER_TOO_SMALL 0x150UL
#define CKR_CRYPTOKI_NOT_INITIALIZED 0x190UL
#define CKR_CRYPTOKI_ALREADY_INITIALIZED 0x191UL
#define CKR_VENDOR_DEFINED 0x80000000UL

/* C_Initialize */
#define CKF_LIBRARY_CANT_CREATE_OS_THREADS 0x01UL
#define CKF_OS_LOCKING_OK 0x02UL
/* C_WaitForSlotEvent */
#define CKF_DONT_BLOCK 0x01UL
/* CK_SLOT_INFO */
#define CKF_TOKEN_PRESENT 0x01UL
#define CKF_REMOVABLE_DEVICE 0x02UL
#define CKF_HW_SLOT 0x04UL
/* CK_TOKEN_INFO */
#define CKF_RNG 0x01UL
#define CKF_LOGIN_REQUIRED 0x04UL
#define CKF_USER_PIN_INITIALIZED 0x08UL
#define CKF_TOKEN_INITIALIZED 0x400UL
/* CK_SESSION_INFO */
#define CKF_RW_SESSION 0x02UL
#define CKF_SERIAL_SESSION 0x04UL

#define CKS_RO_PUBLIC_SESSION 0UL
#define CKS_RO_USER_FUNCTIONS 1UL
#define CKS_RW_PUBLIC_SESSION 2UL
#define CKS_RW_USER_FUNCTIONS 3UL
#define CKS_RW_SO_FUNCTIONS 4UL

#define CKU_SO 0UL
#define CKU_USER 1UL

#define CK_UNAVAILABLE_INFORMATION (~0UL)
#define CK_EFFECTIVELY_INFINITE 0UL

typedef struct {
    CK_BYTE major;
    CK_BYTE minor;
} CK_VERSION;

typedef struct {
    CK_VERSION cryptokiVersion;
    CK_CHAR manufacturerID[32];
    CK_FLAGS flags;
    CK_CHAR libraryDescription[32];
    CK_VERSION libraryVersion;
} CK_INFO;

typedef struct {
    CK_CHAR slotDescription[64];
    CK_CHAR manufacturerID[32];
    CK_FLAGS flags;
    CK_VERSION hardwareVersion;
    CK_VERSION firmwareVersion;
} CK_SLOT_INFO;

typedef struct {
    CK_CHAR label[32];
    CK_CHAR manufacturerID[32];
    CK_CHAR model[16];
    CK_CHAR serialNumber[16];
    CK_FLAGS flags;
    CK_ULONG ulMaxSessionCount;
    CK_ULONG ulSessionCount;
    CK_ULONG ulMaxRwSessionCount;
    CK_ULONG ulRwSessionCount;
    CK_ULONG ulMaxPinLen;
    CK_ULONG ulMinPinLen;
    CK_ULONG ulTotalPublicMemory;
    CK_ULONG ulFreePublicMemory;
    CK_ULONG ulTotalPrivateMemory;
    CK_ULONG ulFreePrivateMemory;
    CK_VERSION hardwareVersion;
    CK_VERSION firmwareVersion;
    CK_CHAR utcTime[16];
} CK_TOKEN_INFO;

typedef struct {
    CK_SLOT_ID slotID;
    CK_STATE state;
    CK_FLAGS flags;
    CK_ULONG ulDeviceError;
} CK_SESSION_INFO;

typedef struct {
    CK_ULONG ulMinKeySize;
    CK_ULONG ulMaxKeySize;
    CK_FLAGS flags;
} CK_MECHANISM_INFO;

typedef struct {
    CK_MECHANISM_TYPE mechanism;
    void *pParameter;
    CK_ULONG ulParameterLen;
} CK_MECHANISM;

typedef struct {
    CK_ATTRIBUTE_TYPE type;
    void *pValue;
    CK_ULONG ulValueLen;
} CK_ATTRIBUTE;

typedef struct {
    CK_RV (*CreateMutex)(void **mutex);
    CK_RV (*DestroyMutex)(void *mutex);
    CK_RV (*LockMutex)(void *mutex);
    CK_RV (*UnlockMutex)(void *mutex);
    CK_FLAGS flags;
    void *pReserved;
} CK_C_INITIALIZE_ARGS;

typedef struct CK_FUNCTION_LIST CK_FUNCTION_LIST;

/* Every function in the order of the standard's list: F(name, parameters). */
#define PKCS11_FUNCTIONS(F)                                                                                            \
    F(C_Initialize, (void *arguments))                                                                                 \
    F(C_Finalize, (void *reserved))                                                                                    \
    F(C_GetInfo, (CK_INFO * info))                                                                                     \
    F(C_GetFunctionList, (const CK_FUNCTION_LIST **list))                                                              \
    F(C_GetSlotList, (CK_BBOOL token_present, CK_SLOT_ID * slots, CK_ULONG * count))                                   \
    F(C_GetSlotInfo, (CK_SLOT_ID slot, CK_SLOT_INFO * info))                                                           \
    F(C_GetTokenInfo, (CK_SLOT_ID slot, CK_TOKEN_INFO * info))                                                         \
    F(C_GetMechanismList, (CK_SLOT_ID slot, CK_MECHANISM_TYPE * list, CK_ULONG * count))                               \
    F(C_GetMechanismInfo, (CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO * info))                         \
    F(C_InitToken, (CK_SLOT_ID slot, CK_CHAR * pin, CK_ULONG pin_size, CK_CHAR * label))                               \
    F(C_InitPIN, (CK_SESSION_HANDLE session, CK_CHAR * pin, CK_ULONG pin_size))                                        \
    F(C_SetPIN, (CK_SESSION_HANDLE session, CK_CHAR * old, CK_ULONG old_size, CK_CHAR * new, CK_ULONG new_size))       \
    F(C_OpenSession,                                                                                                   \
      (CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *session))              \
    F(C_CloseSession, (CK_SESSION_HANDLE session))                                                                     \
    F(C_CloseAllSessions, (CK_SLOT_ID slot))                                                                           \
    F(C_GetSessionInfo, (CK_SESSION_HANDLE session, CK_SESSION_INFO * info))                                           \
    F(C_GetOperationState, (CK_SESSION_HANDLE session, CK_BYTE * state, CK_ULONG * size))                              \
    F(C_SetOperationState, (CK_SESSION_HANDLE session, CK_BYTE * state, CK_ULONG size, CK_OBJECT_HANDLE encryption,    \
                            CK_OBJECT_HANDLE authentication))                                                          \
    F(C_Login, (CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_CHAR * pin, CK_ULONG pin_size))                       \
    F(C_Logout, (CK_SESSION_HANDLE session))                                                                           \
    F(C_CreateObject,                                                                                                  \
      (CK_SESSION_HANDLE session, CK_ATTRIBUTE * attributes, CK_ULONG count, CK_OBJECT_HANDLE * object))               \
    F(C_CopyObject, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE * attributes, CK_ULONG count,    \
                     CK_OBJECT_HANDLE * copy))                                                                         \
    F(C_DestroyObject, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object))                                           \
    F(C_GetObjectSize, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ULONG * size))                          \
    F(C_GetAttributeValue,                                                                                             \
      (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE * attributes, CK_ULONG count))                 \
    F(C_SetAttributeValue,                                                                                             \
      (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE * attributes, CK_ULONG count))                 \
    F(C_FindObjectsInit, (CK_SESSION_HANDLE session, CK_ATTRIBUTE * attributes, CK_ULONG count))                       \
    F(C_FindObjects, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE * objects, CK_ULONG room, CK_ULONG * count))         \
    F(C_FindObjectsFinal, (CK_SESSION_HANDLE session))                                                                 \
    F(C_EncryptInit, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_OBJECT_HANDLE key))                      \
    F(C_Encrypt, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))      \
    F(C_EncryptUpdate, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))\
    F(C_EncryptFinal, (CK_SESSION_HANDLE session, CK_BYTE * out, CK_ULONG * out_size))                                 \
    F(C_DecryptInit, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_OBJECT_HANDLE key))                      \
    F(C_Decrypt, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))      \
    F(C_DecryptUpdate, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))\
    F(C_DecryptFinal, (CK_SESSION_HANDLE session, CK_BYTE * out, CK_ULONG * out_size))                                 \
    F(C_DigestInit, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism))                                             \
    F(C_Digest, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))       \
    F(C_DigestUpdate, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size))                                     \
    F(C_DigestKey, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key))                                                  \
    F(C_DigestFinal, (CK_SESSION_HANDLE session, CK_BYTE * out, CK_ULONG * out_size))                                  \
    F(C_SignInit, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_OBJECT_HANDLE key))                         \
    F(C_Sign, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))         \
    F(C_SignUpdate, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size))                                       \
    F(C_SignFinal, (CK_SESSION_HANDLE session, CK_BYTE * out, CK_ULONG * out_size))                                    \
    F(C_SignRecoverInit, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_OBJECT_HANDLE key))                  \
    F(C_SignRecover, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))  \
    F(C_VerifyInit, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_OBJECT_HANDLE key))                       \
    F(C_Verify, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * signature, CK_ULONG size))       \
    F(C_VerifyUpdate, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size))                                     \
    F(C_VerifyFinal, (CK_SESSION_HANDLE session, CK_BYTE * signature, CK_ULONG size))                                  \
    F(C_VerifyRecoverInit, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_OBJECT_HANDLE key))                \
    F(C_VerifyRecover, (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))\
    F(C_DigestEncryptUpdate,                                                                                           \
      (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))                 \
    F(C_DecryptDigestUpdate,                                                                                           \
      (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))                 \
    F(C_SignEncryptUpdate,                                                                                             \
      (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))                 \
    F(C_DecryptVerifyUpdate,                                                                                           \
      (CK_SESSION_HANDLE session, CK_BYTE * in, CK_ULONG in_size, CK_BYTE * out, CK_ULONG * out_size))                 \
    F(C_GenerateKey, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_ATTRIBUTE * attributes, CK_ULONG count,  \
                      CK_OBJECT_HANDLE * key))                                                                         \
    F(C_GenerateKeyPair,                                                                                               \
      (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_ATTRIBUTE * public_attributes, CK_ULONG public_count,   \
       CK_ATTRIBUTE * private_attributes, CK_ULONG private_count, CK_OBJECT_HANDLE * public_key,                       \
       CK_OBJECT_HANDLE * private_key))                                                                                \
    F(C_WrapKey, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_OBJECT_HANDLE wrapping,                      \
                  CK_OBJECT_HANDLE key, CK_BYTE * out, CK_ULONG * out_size))                                           \
    F(C_UnwrapKey, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_OBJECT_HANDLE unwrapping, CK_BYTE * in,    \
                    CK_ULONG in_size, CK_ATTRIBUTE * attributes, CK_ULONG count, CK_OBJECT_HANDLE * key))              \
    F(C_DeriveKey, (CK_SESSION_HANDLE session, CK_MECHANISM * mechanism, CK_OBJECT_HANDLE base,                        \
                    CK_ATTRIBUTE * attributes, CK_ULONG count, CK_OBJECT_HANDLE * key))                                \
    F(C_SeedRandom, (CK_SESSION_HANDLE session, CK_BYTE * seed, CK_ULONG size))                                        \
    F(C_GenerateRandom, (CK_SESSION_HANDLE session, CK_BYTE * out, CK_ULONG size))                                     \
    F(C_GetFunctionStatus, (CK_SESSION_HANDLE session))                                                                \
    F(C_CancelFunction, (CK_SESSION_HANDLE session))                                                                   \
    F(C_WaitForSlotEvent, (CK_FLAGS flags, CK_SLOT_ID * slot, void *reserved))

struct CK_FUNCTION_LIST {
    CK_VERSION version;
#define MEMBER(name, parameters) CK_RV(*name) parameters;
    PKCS11_FUNCTIONS(MEMBER)
#undef MEMBER
};

#define EXPORTED __attribute__((visibility("default")))

#define DECLARATION(name, parameters) EXPORTED CK_RV name parameters;
PKCS11_FUNCTIONS(DECLARATION)
#undef DECLARATION

#endif

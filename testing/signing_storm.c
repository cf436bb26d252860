/*
 * Many threads that sign at once: signing_storm LIBRARY PIN THREADS SIGNATURES.
 *
 * Each thread signs a message of its own, again and again, with one RSA key of the first slot. PKCS #1 signatures are
 * always the same, so each is compared with the one that was made, and verified, at the beginning. A thread takes a new
 * session now and then. Prints "signed N failed N"; anything else that a call answers ends the program with 1.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pkcs11.h"

#define MAX_THREADS 64
#define SIGNATURE_SIZE 256
#define SIGNATURES_PER_SESSION 50

#define CKM_RSA_PKCS_KEY_PAIR_GEN 0x00UL
#define CKM_SHA256_RSA_PKCS 0x40UL
#define CKA_TOKEN 0x01UL
#define CKA_SIGN 0x108UL
#define CKA_VERIFY 0x10AUL
#define CKA_MODULUS_BITS 0x121UL
#define CKA_PUBLIC_EXPONENT 0x122UL

static const CK_FUNCTION_LIST *pkcs11;
static CK_SLOT_ID slot;
static CK_OBJECT_HANDLE public_key;
static CK_OBJECT_HANDLE private_key;
static int signatures;

struct signer {
    pthread_t thread;
    CK_BYTE message[32];
    CK_BYTE right[SIGNATURE_SIZE];
    long signed_count;
    long failed_count;
};

static struct signer signers[MAX_THREADS];

static void expect_ok(CK_RV rv, const char *what)
{
    if (rv != CKR_OK) {
        printf("%s returned 0x%lx\n", what, rv);
        exit(1);
    }
}

static CK_RV sign(CK_SESSION_HANDLE session, struct signer *signer, CK_BYTE *signature)
{
    CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_ULONG size = SIGNATURE_SIZE;
    CK_RV rv = pkcs11->C_SignInit(session, &mechanism, private_key);
    return rv == CKR_OK ? pkcs11->C_Sign(session, signer->message, sizeof signer->message, signature, &size) : rv;
}

static void pause_shortly(void)
{
    struct timespec time = {.tv_nsec = 5000000};
    nanosleep(&time, NULL);
}

/* While no member lives no session can be had either. */
static CK_SESSION_HANDLE open_session(struct signer *signer)
{
    CK_SESSION_HANDLE session = 0;
    CK_RV rv;
    while ((rv = pkcs11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session)) != CKR_OK) {
        if (rv != CKR_DEVICE_ERROR && rv != CKR_TOKEN_NOT_PRESENT) { /* the latter of a member that was removed */
            expect_ok(rv, "C_OpenSession");
        }
        signer->failed_count++;
        pause_shortly();
    }
    return session;
}

static void *run(void *argument)
{
    struct signer *signer = argument;
    CK_SESSION_HANDLE session = open_session(signer);
    for (int i = 0; i < signatures; i++) {
        CK_BYTE signature[SIGNATURE_SIZE];
        CK_RV rv = sign(session, signer, signature);
        if (rv == CKR_DEVICE_ERROR) {
            signer->failed_count++;
            pause_shortly();
            continue;
        }
        expect_ok(rv, "C_Sign");
        if (memcmp(signature, signer->right, SIGNATURE_SIZE) != 0) {
            printf("a wrong signature\n");
            exit(1);
        }
        signer->signed_count++;
        if (i % SIGNATURES_PER_SESSION == 0) {
            expect_ok(pkcs11->C_CloseSession(session), "C_CloseSession");
            session = open_session(signer);
        }
    }
    expect_ok(pkcs11->C_CloseSession(session), "C_CloseSession");
    return NULL;
}

static void make_key(CK_SESSION_HANDLE session)
{
    CK_MECHANISM mechanism = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_BBOOL yes = 1;
    CK_ULONG bits = SIGNATURE_SIZE * 8;
    CK_BYTE exponent[] = {1, 0, 1};
    CK_ATTRIBUTE public_attributes[] = {{CKA_TOKEN, &yes, sizeof yes},
                                        {CKA_VERIFY, &yes, sizeof yes},
                                        {CKA_MODULUS_BITS, &bits, sizeof bits},
                                        {CKA_PUBLIC_EXPONENT, exponent, sizeof exponent}};
    CK_ATTRIBUTE private_attributes[] = {{CKA_TOKEN, &yes, sizeof yes}, {CKA_SIGN, &yes, sizeof yes}};
    expect_ok(pkcs11->C_GenerateKeyPair(session, &mechanism, public_attributes, 4, private_attributes, 2, &public_key,
                                        &private_key),
              "C_GenerateKeyPair");
}

static void make_right_signature(CK_SESSION_HANDLE session, struct signer *signer, int number)
{
    CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
    memset(signer->message, number, sizeof signer->message);
    expect_ok(sign(session, signer, signer->right), "the first C_Sign");
    expect_ok(pkcs11->C_VerifyInit(session, &mechanism, public_key), "C_VerifyInit");
    expect_ok(pkcs11->C_Verify(session, signer->message, sizeof signer->message, signer->right, SIGNATURE_SIZE),
              "C_Verify");
}

int main(int argc, char **argv)
{
    CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
    CK_ULONG count = 1;
    CK_SESSION_HANDLE session;
    CK_RV (*get_function_list)(const CK_FUNCTION_LIST **list);
    int threads = argc == 5 ? atoi(argv[3]) : 0;
    void *library = argc == 5 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!library || threads < 1 || threads > MAX_THREADS) {
        return 2;
    }
    signatures = atoi(argv[4]);
    *(void **)&get_function_list = dlsym(library, "C_GetFunctionList");
    expect_ok(get_function_list(&pkcs11), "C_GetFunctionList");
    expect_ok(pkcs11->C_Initialize(&arguments), "C_Initialize");
    expect_ok(pkcs11->C_GetSlotList(1, &slot, &count), "C_GetSlotList");
    expect_ok(pkcs11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), "C_OpenSession");
    expect_ok(pkcs11->C_Login(session, CKU_USER, (CK_CHAR *)argv[2], strlen(argv[2])), "C_Login");
    make_key(session);
    for (int i = 0; i < threads; i++) {
        make_right_signature(session, &signers[i], i);
    }
    printf("ready\n");
    fflush(stdout);
    for (int i = 0; i < threads; i++) {
        pthread_create(&signers[i].thread, NULL, run, &signers[i]);
    }
    long signed_count = 0;
    long failed_count = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(signers[i].thread, NULL);
        signed_count += signers[i].signed_count;
        failed_count += signers[i].failed_count;
    }
    expect_ok(pkcs11->C_Finalize(NULL), "C_Finalize");
    printf("signed %ld failed %ld\n", signed_count, failed_count);
    return 0;
}

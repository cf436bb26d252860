/* The emulated Luna client: beginning, end, and the function list. */
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>

#include "ha_state.h"
#include "recovery.h"
#include "sessions.h"
#include "softhsm.h"

#ifndef SOURCE_DIGEST
#define SOURCE_DIGEST "unknown"
#endif

/* Lets build.py tell whether a library was made from the sources that are there. */
EXPORTED extern const char CAEMU_SourceDigest[];
const char CAEMU_SourceDigest[] = "confkit-emulator-source:" SOURCE_DIGEST;

/* A forked child has no other thread and must not talk on its parent's connections: it starts from nothing. */
static void forget_after_fork(void)
{
    client_forget_after_fork();
    recovery_forget();
    sessions_forget();
    ha_state_forget();
}

static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, forget_after_fork);
}

static CK_RV start(bool with_thread)
{
    if (client.state != CLIENT_OFF) {
        return CKR_CRYPTOKI_ALREADY_INITIALIZED;
    }
    if (!configuration_load(&client.configuration)) {
        return CKR_GENERAL_ERROR;
    }
    if (!client_open_pipe()) {
        return CKR_HOST_MEMORY;
    }
    client.state = CLIENT_STARTING; /* the lock is let go while the servers answer */
    sessions_forget();
    memset(client.group_losses, 0, sizeof client.group_losses);
    recovery_connect_all();
    softhsm_start(&client.configuration);
    if (!recovery_start(with_thread)) {
        client_disconnect();
        softhsm_stop();
        client.state = CLIENT_OFF;
        return CKR_HOST_MEMORY;
    }
    client.state = CLIENT_RUNNING;
    return CKR_OK;
}

/* An application may bring functions for locking; only with CKF_OS_LOCKING_OK may the library use its own instead. */
static CK_RV check_arguments(const CK_C_INITIALIZE_ARGS *arguments)
{
    int given = !!arguments->CreateMutex + !!arguments->DestroyMutex + !!arguments->LockMutex + !!arguments->UnlockMutex;
    if (arguments->pReserved || (given != 0 && given != 4)) {
        return CKR_ARGUMENTS_BAD;
    }
    return given == 4 && !(arguments->flags & CKF_OS_LOCKING_OK) ? CKR_CANT_LOCK : CKR_OK;
}

CK_RV C_Initialize(void *arguments)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const CK_C_INITIALIZE_ARGS *given = arguments;
    CK_RV rv = given ? check_arguments(given) : CKR_OK;
    if (rv != CKR_OK) {
        return rv;
    }
    pthread_once(&once, watch_forks);
    client_lock();
    rv = start(!given || !(given->flags & CKF_LIBRARY_CANT_CREATE_OS_THREADS));
    client_unlock();
    return rv;
}

/* Waiting calls return at once; when the last one has, everything ends. */
CK_RV C_Finalize(void *reserved)
{
    if (reserved) {
        return CKR_ARGUMENTS_BAD;
    }
    client_lock();
    if (client.state != CLIENT_RUNNING) {
        client_unlock();
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    }
    client.state = CLIENT_STOPPING;
    client_wake_all();
    while (client.calls > 0) {
        client_wait_for_change();
    }
    client_unlock();
    recovery_stop();
    client_lock();
    softhsm_stop();
    client_disconnect();
    sessions_forget();
    client.state = CLIENT_OFF;
    client_unlock();
    return CKR_OK;
}

static const CK_FUNCTION_LIST function_list = {
    {2, 20},
#define MEMBER(name, parameters) name,
    PKCS11_FUNCTIONS(MEMBER)
#undef MEMBER
};

CK_RV C_GetFunctionList(const CK_FUNCTION_LIST **list)
{
    if (!list) {
        return CKR_ARGUMENTS_BAD;
    }
    *list = &function_list;
    return CKR_OK;
}

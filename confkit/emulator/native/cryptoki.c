/*
 * The emulated Luna client: beginning, end, and the function list.
 *
 * One call runs at a time, under one lock; the lock is held while a status call waits for its members. The recovery
 * thread takes it only to look for lost servers and to install restored connections. C_Finalize makes `wake` readable,
 * and whoever waits leaves at once.
 */
#define _GNU_SOURCE
#include "cryptoki.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "client.h"

#ifndef SOURCE_DIGEST
#define SOURCE_DIGEST "unknown"
#endif

/* Lets build.py tell whether a library that lies there was made from the sources that lie there. */
EXPORTED extern const char CAEMU_SourceDigest[];
const char CAEMU_SourceDigest[] = "confkit-emulator-source:" SOURCE_DIGEST;

struct client client;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int wake_writer = -1; /* -1: not initialised, or C_Finalize is at work */

void client_lock(void)
{
    pthread_mutex_lock(&lock);
}

void client_leave(void)
{
    pthread_mutex_unlock(&lock);
}

CK_RV client_enter(void)
{
    client_lock();
    if (client.initialised) {
        return CKR_OK;
    }
    client_leave();
    return CKR_CRYPTOKI_NOT_INITIALIZED;
}

/* A forked child has no recovery thread and must not talk on its parent's connections: it starts from nothing. */
static void forget_after_fork(void)
{
    pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
    memcpy(&lock, &unlocked, sizeof lock);
    int writer = atomic_exchange(&wake_writer, -1);
    if (writer >= 0) {
        members_disconnect();
        close(client.wake);
        close(writer);
    }
    client.initialised = false;
    sessions_forget();
    status_calls_forget();
}

static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, forget_after_fork);
}

static CK_RV start(void)
{
    int ends[2];
    if (client.initialised) {
        return CKR_CRYPTOKI_ALREADY_INITIALIZED;
    }
    if (!configuration_load(&client.configuration)) {
        return CKR_GENERAL_ERROR;
    }
    if (pipe2(ends, O_CLOEXEC) < 0) {
        return CKR_HOST_MEMORY;
    }
    client.wake = ends[0];
    members_connect();
    if (!members_start_recovery()) {
        members_disconnect();
        close(ends[0]);
        close(ends[1]);
        return CKR_HOST_MEMORY;
    }
    client.initialised = true;
    atomic_store(&wake_writer, ends[1]);
    return CKR_OK;
}

CK_RV C_Initialize(void *arguments)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const CK_C_INITIALIZE_ARGS *wishes = arguments;
    if (wishes && wishes->pReserved) {
        return CKR_ARGUMENTS_BAD;
    }
    if (wishes && wishes->flags & CKF_LIBRARY_CANT_CREATE_OS_THREADS) {
        return CKR_NEED_TO_CREATE_THREADS; /* for the recovery */
    }
    pthread_once(&once, watch_forks);
    client_lock();
    CK_RV rv = start();
    client_leave();
    return rv;
}

CK_RV C_Finalize(void *reserved)
{
    if (reserved) {
        return CKR_ARGUMENTS_BAD;
    }
    int writer = atomic_exchange(&wake_writer, -1);
    if (writer < 0) {
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    }
    /* Nobody reads the byte, so everybody sees it. One byte always fits into an empty pipe. */
    while (write(writer, "", 1) < 0) {
    }
    members_stop_recovery();
    client_lock();
    members_disconnect();
    sessions_forget();
    client.initialised = false;
    close(client.wake);
    close(writer);
    client_leave();
    return CKR_OK;
}

/* Serves any standard function: on the UNIX calling conventions the caller removes the arguments that are not read. */
static CK_RV not_supported(void)
{
    return CKR_FUNCTION_NOT_SUPPORTED;
}

#define FUNCTION(name) (CK_FUNCTION) name
#define ABSENT_1 FUNCTION(not_supported)
#define ABSENT_5 ABSENT_1, ABSENT_1, ABSENT_1, ABSENT_1, ABSENT_1
#define ABSENT_54                                                                                                      \
    ABSENT_5, ABSENT_5, ABSENT_5, ABSENT_5, ABSENT_5, ABSENT_5, ABSENT_5, ABSENT_5, ABSENT_5, ABSENT_5, ABSENT_1,      \
        ABSENT_1, ABSENT_1, ABSENT_1

/* In the order of the standard: mechanisms, C_InitToken, C_InitPIN and C_SetPIN stand between token and session. */
static const CK_FUNCTION_LIST function_list = {
    {2, 20},
    {FUNCTION(C_Initialize), FUNCTION(C_Finalize), FUNCTION(C_GetInfo), FUNCTION(C_GetFunctionList),
     FUNCTION(C_GetSlotList), FUNCTION(C_GetSlotInfo), FUNCTION(C_GetTokenInfo), ABSENT_5, FUNCTION(C_OpenSession),
     FUNCTION(C_CloseSession), ABSENT_54},
};

CK_RV C_GetFunctionList(const CK_FUNCTION_LIST **list)
{
    if (!list) {
        return CKR_ARGUMENTS_BAD;
    }
    *list = &function_list;
    return CKR_OK;
}

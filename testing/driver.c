/*
 * An application of the client library, for the tests: loads the library named by its argument, reads one command a
 * line and prints one line for each. It declares what it needs of the interface itself, from the published description,
 * and includes nothing of the library.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_SIZE 2048
#define PATTERN 0xA5
#define THREADS 4
#define SLOTS 256

typedef unsigned long number;

struct v1_member {
    number memberSerial;
    number memberStatus;
};
struct v1 {
    number groupSerial;
    struct v1_member memberList[32];
    number listSize;
};
struct v2_member {
    unsigned char memberSerial[16 + 4];
    number memberStatus;
};
struct v2 {
    unsigned char groupSerial[16 + 4];
    struct v2_member memberList[32];
    number listSize;
};
struct doc_member {
    unsigned char memberSerial[16];
    number memberStatus;
};
struct doc {
    unsigned char groupSerial[16];
    struct doc_member memberList[32];
    number listSize;
};

struct slot_info {
    char description[64];
    char manufacturer[32];
    number flags;
    unsigned char versions[4];
};
struct token_info {
    char label[32];
    char manufacturer[32];
    char model[16];
    char serial[16];
    number flags;
    number counts[10];
    unsigned char versions[4];
    char time[16];
};
struct initialize_args {
    void *functions[4];
    number flags;
    void *reserved;
};
struct function_list {
    unsigned char version[2];
    number (*functions[68])(void);
};

static void *handle;
static number (*initialize)(void *);
static number (*finalize)(void *);
static number (*get_info)(void *);
static number (*get_function_list)(struct function_list **);
static number (*get_slot_list)(unsigned char, number *, number *);
static number (*get_slot_info)(number, struct slot_info *);
static number (*get_token_info)(number, struct token_info *);
static number (*open_session)(number, number, void *, void *, number *);
static number (*close_session)(number);
static number (*get_ha_state)(number, void *);
static number (*get_current_ha_state)(number, void *); /* NULL: the library has none */
static number (*concurrent_calls)(void);

struct call {
    number (*function)(number, void *);
    number slot;
    number rv;
    long long elapsed;
    unsigned char buffer[BUFFER_SIZE];
};

static void *symbol(const char *name)
{
    return dlsym(handle, name);
}

static int load(const char *path)
{
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        fprintf(stderr, "%s\n", dlerror());
        return 0;
    }
    *(void **)&initialize = symbol("C_Initialize");
    *(void **)&finalize = symbol("C_Finalize");
    *(void **)&get_info = symbol("C_GetInfo");
    *(void **)&get_function_list = symbol("C_GetFunctionList");
    *(void **)&get_slot_list = symbol("C_GetSlotList");
    *(void **)&get_slot_info = symbol("C_GetSlotInfo");
    *(void **)&get_token_info = symbol("C_GetTokenInfo");
    *(void **)&open_session = symbol("C_OpenSession");
    *(void **)&close_session = symbol("C_CloseSession");
    *(void **)&get_ha_state = symbol("CA_GetHAState");
    *(void **)&get_current_ha_state = symbol("CA_GetCurrentHAState");
    *(void **)&concurrent_calls = symbol("CAEMU_ConcurrentCalls");
    return 1;
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void *make_call(void *argument)
{
    struct call *call = argument;
    memset(call->buffer, PATTERN, sizeof call->buffer);
    long long start = now();
    call->rv = call->function(call->slot, call->buffer);
    call->elapsed = now() - start;
    return NULL;
}

static void print_call(const struct call *call)
{
    printf("%lu %lld ", call->rv, call->elapsed);
    for (size_t i = 0; i < sizeof call->buffer; i++) {
        printf("%02x", call->buffer[i]);
    }
    printf("\n");
}

static void do_call(number (*function)(number, void *), number slot)
{
    static struct call call;
    call.function = function;
    call.slot = slot;
    make_call(&call);
    print_call(&call);
}

static pthread_t background;
static struct call background_call;

static void do_begin(number slot, number old)
{
    background_call.function = old ? get_ha_state : get_current_ha_state;
    background_call.slot = slot;
    printf("%d\n", pthread_create(&background, NULL, make_call, &background_call));
}

static void do_join(void)
{
    pthread_join(background, NULL);
    print_call(&background_call);
}

static void do_slots(number room, number all)
{
    number slots[SLOTS] = {0};
    number count = room;
    number rv = get_slot_list(!all, room ? slots : NULL, &count);
    printf("%lu %lu", rv, count);
    for (number i = 0; rv == 0 && room && i < count; i++) {
        printf(" %lu", slots[i]);
    }
    printf("\n");
}

static void do_slot(number slot)
{
    struct slot_info info = {0};
    number rv = get_slot_info(slot, &info);
    printf("%lu|%.64s|%.32s|%lu|%u.%u\n", rv, info.description, info.manufacturer, info.flags, info.versions[2],
           info.versions[3]);
}

static void do_token(number slot)
{
    struct token_info info = {0};
    number rv = get_token_info(slot, &info);
    printf("%lu|%.32s|%.32s|%.16s|%.16s|%lu\n", rv, info.label, info.manufacturer, info.model, info.serial, info.flags);
}

static void do_open(number slot, number flags)
{
    number session = 0;
    number rv = open_session(slot, flags, NULL, NULL, &session);
    printf("%lu %lu\n", rv, session);
}

static void do_initialize(number flags, number reserved)
{
    static int something;
    struct initialize_args args = {.flags = flags, .reserved = reserved ? &something : NULL};
    printf("%lu\n", initialize(&args));
}

/* The 68 functions of the standard, in the order of its list. */
static const char *const names[68] = {
    "C_Initialize", "C_Finalize", "C_GetInfo", "C_GetFunctionList", "C_GetSlotList", "C_GetSlotInfo", "C_GetTokenInfo",
    "C_GetMechanismList", "C_GetMechanismInfo", "C_InitToken", "C_InitPIN", "C_SetPIN", "C_OpenSession",
    "C_CloseSession", "C_CloseAllSessions", "C_GetSessionInfo", "C_GetOperationState", "C_SetOperationState", "C_Login",
    "C_Logout", "C_CreateObject", "C_CopyObject", "C_DestroyObject", "C_GetObjectSize", "C_GetAttributeValue",
    "C_SetAttributeValue", "C_FindObjectsInit", "C_FindObjects", "C_FindObjectsFinal", "C_EncryptInit", "C_Encrypt",
    "C_EncryptUpdate", "C_EncryptFinal", "C_DecryptInit", "C_Decrypt", "C_DecryptUpdate", "C_DecryptFinal",
    "C_DigestInit", "C_Digest", "C_DigestUpdate", "C_DigestKey", "C_DigestFinal", "C_SignInit", "C_Sign",
    "C_SignUpdate", "C_SignFinal", "C_SignRecoverInit", "C_SignRecover", "C_VerifyInit", "C_Verify", "C_VerifyUpdate",
    "C_VerifyFinal", "C_VerifyRecoverInit", "C_VerifyRecover", "C_DigestEncryptUpdate", "C_DecryptDigestUpdate",
    "C_SignEncryptUpdate", "C_DecryptVerifyUpdate", "C_GenerateKey", "C_GenerateKeyPair", "C_WrapKey", "C_UnwrapKey",
    "C_DeriveKey", "C_SeedRandom", "C_GenerateRandom", "C_GetFunctionStatus", "C_CancelFunction", "C_WaitForSlotEvent",
};

/* How many functions the list has under the address that is exported by name. */
static void do_functions(void)
{
    struct function_list *list = NULL;
    number rv = get_function_list(&list);
    int same = 0;
    for (int i = 0; i < 68; i++) {
        same += symbol(names[i]) && (void *)list->functions[i] == symbol(names[i]);
    }
    printf("%lu %u.%u %d\n", rv, list->version[0], list->version[1], same);
}

/* Calls a function by its number in the list with a session and up to five arguments of 0. */
static void do_call_function(number index, number session)
{
    struct function_list *list = NULL;
    get_function_list(&list);
    number (*function)(number, number, number, number, number, number, number, number);
    *(void **)&function = (void *)list->functions[index];
    printf("%lu\n", function(session, 0, 0, 0, 0, 0, 0, 0));
}

struct session_info {
    number slot;
    number state;
    number flags;
    number device_error;
};

static void do_session_info(number session)
{
    struct session_info info = {0};
    number (*get_session_info)(number, struct session_info *);
    *(void **)&get_session_info = symbol("C_GetSessionInfo");
    number rv = get_session_info(session, &info);
    printf("%lu %lu %lu %lu\n", rv, info.slot, info.state, info.flags);
}

static void do_login(number session, number user)
{
    number (*login)(number, number, const char *, number);
    *(void **)&login = symbol("C_Login");
    printf("%lu\n", login(session, user, "any PIN", 7));
}

static void do_logout(number session)
{
    number (*logout)(number);
    *(void **)&logout = symbol("C_Logout");
    printf("%lu\n", logout(session));
}

static void do_close_all(number slot)
{
    number (*close_all_sessions)(number);
    *(void **)&close_all_sessions = symbol("C_CloseAllSessions");
    printf("%lu\n", close_all_sessions(slot));
}

/* The return codes of both calls about mechanisms, and how many there are. */
static void do_mechanisms(number slot)
{
    number count = 0;
    number info[3];
    number (*get_mechanism_list)(number, number *, number *);
    number (*get_mechanism_info)(number, number, number *);
    *(void **)&get_mechanism_list = symbol("C_GetMechanismList");
    *(void **)&get_mechanism_info = symbol("C_GetMechanismInfo");
    number listed = get_mechanism_list(slot, NULL, &count);
    number described = get_mechanism_info(slot, 1 /* CKM_RSA_PKCS */, info);
    printf("%lu %lu %lu\n", listed, described, count);
}

static void do_wait_for_slot_event(number flags)
{
    number slot;
    number (*wait_for_slot_event)(number, number *, void *);
    *(void **)&wait_for_slot_event = symbol("C_WaitForSlotEvent");
    printf("%lu\n", wait_for_slot_event(flags, &slot, NULL));
}

static void do_null(number slot)
{
    printf("%lu %lu %lu %lu %lu %lu %lu %lu\n", get_info(NULL), get_function_list(NULL), get_slot_list(1, NULL, NULL),
           get_slot_info(slot, NULL), get_token_info(slot, NULL), open_session(slot, 4, NULL, NULL, NULL),
           get_ha_state(slot, NULL), get_current_ha_state(slot, NULL));
}

#define LAYOUT(name)                                                                                                   \
    sizeof(struct name##_member), offsetof(struct name##_member, memberStatus), offsetof(struct name, memberList),    \
        offsetof(struct name, listSize), sizeof(struct name)

static void do_layouts(void)
{
    printf("%zu %zu %zu %zu %zu %zu %zu %zu %zu %zu %zu %zu %zu %zu %zu\n", LAYOUT(v1), LAYOUT(v2), LAYOUT(doc));
}

/* A child forked from an initialised process: nothing is initialised in it, and it can begin anew. */
static void do_fork(void)
{
    unsigned char buffer[BUFFER_SIZE];
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        number before = get_current_ha_state(0, buffer);
        number begun = initialize(NULL);
        number during = get_current_ha_state(0, buffer);
        number ended = finalize(NULL);
        printf("%lu %lu %lu %lu\n", before, begun, during, ended);
        fflush(stdout);
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    if (status != 0) {
        printf("the child ended with status %d\n", status);
    }
}

static void *storm(void *argument)
{
    unsigned char buffer[BUFFER_SIZE];
    struct token_info info;
    number rounds = *(number *)argument;
    for (number i = 0; i < rounds; i++) {
        number count = SLOTS;
        number slots[SLOTS];
        number session;
        get_slot_list(1, slots, &count);
        get_token_info(0, &info);
        get_current_ha_state(0, buffer);
        if (open_session(0, 4, NULL, NULL, &session) == 0) {
            close_session(session);
        }
        get_ha_state(0, buffer);
    }
    return NULL;
}

static void do_storm(number rounds)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, storm, &rounds);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%lu\n", concurrent_calls());
}

static volatile sig_atomic_t alarms;

static void count_alarm(int number_of_signal)
{
    (void)number_of_signal;
    alarms++;
}

/* A status call during which a signal arrives every millisecond, in this thread. */
static void do_interrupted(number slot)
{
    struct sigaction action = {.sa_handler = count_alarm};
    struct itimerval every = {.it_interval.tv_usec = 1000, .it_value.tv_usec = 1000};
    struct itimerval never = {0};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
    static struct call call;
    call = (struct call){.function = get_current_ha_state, .slot = slot};
    make_call(&call);
    setitimer(ITIMER_REAL, &never, NULL);
    printf("%d ", alarms > 0);
    print_call(&call);
}

static void obey(const char *command, number first, number second)
{
    if (!strcmp(command, "initialize")) {
        printf("%lu\n", initialize(NULL));
    } else if (!strcmp(command, "initialize-args")) {
        do_initialize(first, second);
    } else if (!strcmp(command, "finalize")) {
        printf("%lu\n", finalize(NULL));
    } else if (!strcmp(command, "finalize-reserved")) {
        printf("%lu\n", finalize(&first));
    } else if (!strcmp(command, "info")) {
        char info[88]; /* CK_INFO */
        printf("%lu\n", get_info(info));
    } else if (!strcmp(command, "slots")) {
        do_slots(first, second);
    } else if (!strcmp(command, "slot")) {
        do_slot(first);
    } else if (!strcmp(command, "token")) {
        do_token(first);
    } else if (!strcmp(command, "open")) {
        do_open(first, second);
    } else if (!strcmp(command, "close")) {
        printf("%lu\n", close_session(first));
    } else if (!strcmp(command, "state")) {
        do_call(get_current_ha_state, first);
    } else if (!strcmp(command, "old-state")) {
        do_call(get_ha_state, first);
    } else if (!strcmp(command, "has-current")) {
        printf("%d\n", get_current_ha_state != NULL);
    } else if (!strcmp(command, "begin")) {
        do_begin(first, second);
    } else if (!strcmp(command, "join")) {
        do_join();
    } else if (!strcmp(command, "concurrent")) {
        printf("%lu\n", concurrent_calls());
    } else if (!strcmp(command, "functions")) {
        do_functions();
    } else if (!strcmp(command, "call-function")) {
        do_call_function(first, second);
    } else if (!strcmp(command, "session-info")) {
        do_session_info(first);
    } else if (!strcmp(command, "login")) {
        do_login(first, second);
    } else if (!strcmp(command, "logout")) {
        do_logout(first);
    } else if (!strcmp(command, "close-all")) {
        do_close_all(first);
    } else if (!strcmp(command, "mechanisms")) {
        do_mechanisms(first);
    } else if (!strcmp(command, "wait-for-slot-event")) {
        do_wait_for_slot_event(first);
    } else if (!strcmp(command, "null")) {
        do_null(first);
    } else if (!strcmp(command, "layouts")) {
        do_layouts();
    } else if (!strcmp(command, "fork")) {
        do_fork();
    } else if (!strcmp(command, "storm")) {
        do_storm(first);
    } else if (!strcmp(command, "interrupted")) {
        do_interrupted(first);
    } else if (!strcmp(command, "unload")) {
        printf("%d\n", dlclose(handle));
    } else {
        printf("unknown command\n");
    }
}

int main(int argc, char **argv)
{
    char line[128];
    if (argc != 2 || !load(argv[1])) {
        return 2;
    }
    while (fgets(line, sizeof line, stdin)) {
        char command[32] = "";
        number first = 0;
        number second = 0;
        sscanf(line, "%31s %lu %lu", command, &first, &second);
        obey(command, first, second);
        fflush(stdout);
    }
    return 0;
}

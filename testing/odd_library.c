/*
 * A PKCS#11 library with three members that answer in 10 ms, right but for what the environment variable HOSTILE names
 * (words separated by commas; WORD@RUN only in that run, see hostile_deeds.c):
 *
 *   C_Initialize  no-locking, bad-arguments (unless it is called with NULL), initialised-already, slow-initialise (3 s)
 *   slots         late-slots (after 2 s), growing-slots, empty-ha-slots, other-description, other-model, no-token,
 *                 renumbering (with every call), control-characters (in the label)
 *   the answer    zero-padded (in every second call), listed-twice (a living member, a second time as failed),
 *                 half-a-status, no-list-N, error-N, hang-N, fork-N (in the N-th call; fork: both return), error,
 *                 unsupported, changing-group-serial
 *   members       connecting (all fail at once for 2 s), wants-a-session, no-session (none can be opened, and all are
 *                 gone), slow (the last one, 3.3 s), stalled (the last one in the third call, 5 s), at-the-limit (results
 *                 come when the limit is over), gone, silent (the last one), gone-first, all-gone, all-silent, joins,
 *                 leaves (the last one, at the 20th call), flapping (the last one), lost-with-code, lost-without-list
 *   the limit     own-limit (2 s), other-file (the client's default of 3 s, whatever the file says)
 *   elsewhere     reached-N (the directory that HOSTILE_REACHED names is made in the N-th call, which takes 0.5 s more)
 *   left behind   daemon, -cleared (environment; $MARK is an argument), -hidden (PR_SET_DUMPABLE), -subreaper; fills-directory (the one of its
 *                 configuration), edits-file (its configuration, at the third call)
 *
 * A member that is gone fails at once; a silent one when the limit is over. Compiled with -DFUNCTION_LIST_ONLY it exports
 * C_GetFunctionList and the status call alone.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hostile_deeds.h"

#ifdef FUNCTION_LIST_ONLY
#define EXPORTED static
#else
#define EXPORTED
#endif

#define MEMBERS 3
#define FIRST_SLOT 5
#define CKR_DEVICE_ERROR 0x30
#define CKR_TIMEOUT 0x80000024
#define CKR_TOKEN_NOT_PRESENT 0xe0
#define CKR_BUFFER_TOO_SMALL 0x150

static double initialised;
static unsigned calls, lists;
static int session;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void sleep_for(double seconds)
{
    struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    while (nanosleep(&time, &time) != 0)
        continue;
}

static void in_configuration(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", getenv("ChrystokiConfigurationPath"), name);
}

/* Seconds of the file that was named to this process. */
static double limit(void)
{
    char path[4096], text[4096] = "";
    in_configuration(path, sizeof path, "Chrystoki.conf");
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || read(file, text, sizeof text - 1) < 0)
        abort();
    close(file);
    const char *entry = strstr(text, "statusTimeout = ");
    double seconds = entry == NULL || asked("other-file") ? 3 : atof(entry + strlen("statusTimeout = "));
    return asked("own-limit") && seconds > 2 ? 2 : seconds;
}

static void leave_behind(void)
{
    static const char *const words[] = {"daemon", "daemon-cleared", "daemon-hidden", "daemon-subreaper"};
    for (int kind = 0; kind < 4; kind++) {
        if (!asked(words[kind]) || fork() != 0)
            continue;
        setsid();
        if (kind == 2)
            prctl(PR_SET_DUMPABLE, 0);
        if (kind == 3)
            prctl(PR_SET_CHILD_SUBREAPER, 1);
        if (fork() != 0 && kind != 3)
            _exit(0);
        if (kind == 1)
            execle("/bin/sh", "sh", "-c", "sleep 599; :", getenv("MARK"), (char *)NULL, (char *[]){NULL});
        for (;;)
            pause();
    }
    if (asked("fills-directory")) {
        char path[4096];
        in_configuration(path, sizeof path, "left/inside");
        in_configuration(path, sizeof path, "left");
        mkdir(path, 0700);
        in_configuration(path, sizeof path, "left/inside");
        mkdir(path, 0);
        in_configuration(path, sizeof path, "left/loop");
        if (symlink(".", path) == 0)
            in_configuration(path, sizeof path, "left");
        chmod(path, 0);
    }
}

EXPORTED ulong_t C_Initialize(void *arguments)
{
    if (arguments != NULL && asked("no-locking"))
        return 0x0a;
    if (arguments != NULL && asked("bad-arguments"))
        return 0x07;
    if (asked("slow-initialise"))
        sleep_for(3);
    initialised = now();
    leave_behind();
    return asked("initialised-already") ? 0x191 : 0;
}

EXPORTED ulong_t C_Finalize(void *reserved)
{
    (void)reserved;
    return 0;
}

static ulong_t first(void)
{
    return FIRST_SLOT + (asked("renumbering") ? calls : 0);
}

EXPORTED ulong_t C_GetSlotList(unsigned char present, ulong_t *list, ulong_t *count)
{
    ulong_t room = *count, found = asked("empty-ha-slots") ? 4 : 1;
    (void)present;
    if (asked("late-slots") && now() - initialised < 2)
        found = 0;
    if (asked("growing-slots"))
        found = lists++ < 6 ? 30 * lists : 180;
    *count = found;
    if (list == NULL)
        return 0;
    if (room < found)
        return CKR_BUFFER_TOO_SMALL;
    for (ulong_t slot = 0; slot < found; slot++)
        list[slot] = first() + found - 1 - slot;
    return 0;
}

struct slot_info {
    unsigned char description[64], manufacturer[32];
    ulong_t flags;
    unsigned char versions[4];
};

struct token_info {
    unsigned char label[32], manufacturer[32], model[16], serial[16];
    ulong_t flags, counts[10];
    unsigned char versions[4], time[16];
};

static void put_text(unsigned char *field, size_t size, const char *text)
{
    memset(field, ' ', size);
    memcpy(field, text, strlen(text));
}

EXPORTED ulong_t C_GetSlotInfo(ulong_t slot, struct slot_info *info)
{
    int is_ha = slot == first() || asked("empty-ha-slots");
    if (slot < first())
        return 3;
    memset(info, 0, sizeof *info);
    put_text(info->description, sizeof info->description,
             !is_ha || asked("other-description") ? "Another Slot" : "HA Virtual Card Slot");
    info->flags = 5;
    return 0;
}

EXPORTED ulong_t C_GetTokenInfo(ulong_t slot, struct token_info *info)
{
    if (slot != first() || asked("no-token"))
        return CKR_TOKEN_NOT_PRESENT;
    memset(info, 0, sizeof *info);
    put_text(info->label, sizeof info->label, asked("control-characters") ? "odd\x1b[31m\x07" : "odd");
    put_text(info->model, sizeof info->model, asked("other-model") ? "Another" : "LunaVirtual");
    put_text(info->serial, sizeof info->serial, "1154438865287");
    return 0;
}

EXPORTED ulong_t C_OpenSession(ulong_t slot, ulong_t flags, void *application, void *notify, ulong_t *handle)
{
    (void)slot;
    (void)flags;
    (void)application;
    (void)notify;
    if (asked("no-session"))
        return CKR_DEVICE_ERROR;
    *handle = 1;
    session = 1;
    return 0;
}

struct member {
    char serial[20];
    unsigned char padding[4];
    ulong_t status;
};

struct state {
    char serial[20];
    unsigned char padding[4];
    struct member members[32];
    ulong_t count;
};

/* The status of a member, and after how many seconds it is known. */
static ulong_t ask(int member, double most, double *seconds)
{
    int is_last = member == MEMBERS - 1;
    int is_gone = asked("all-gone") || asked("no-session") || (is_last && asked("gone")) ||
                  (asked("wants-a-session") && !session) || (asked("connecting") && now() - initialised < 2) ||
                  (is_last && asked("flapping") && calls % 2 == 0) || (member == 0 && asked("gone-first"));
    double answer = is_last && asked("slow") ? 3.3 : 0.01;
    if (asked("all-silent") || (is_last && asked("silent")))
        answer = 1e9;
    if (is_last && asked("stalled") && calls == 3 && run_number() == 1)
        answer = 5;
    *seconds = is_gone ? 0.001 : answer < most ? answer : most;
    return is_gone ? CKR_DEVICE_ERROR : answer < most ? 0 : CKR_TIMEOUT;
}

static int is_listed(int member)
{
    int is_last = member == MEMBERS - 1;
    if (asked("lost-without-list"))
        return 0;
    if (is_last && asked("joins"))
        return calls >= 20 || run_number() > 1;
    return !(is_last && asked("leaves")) || (calls < 20 && run_number() == 1);
}

static void put_serial(char *field, unsigned long serial)
{
    snprintf(field, 20, asked("zero-padded") && calls % 2 == 0 ? "%019lu" : "%lu", serial);
}

static double answer(struct state *state, double most)
{
    double longest = asked("at-the-limit") ? most : 0;
    memset(state, 0, sizeof *state);
    put_serial(state->serial, 1154438865287 + (asked("changing-group-serial") ? calls : 0));
    for (int member = 0; member < MEMBERS; member++) {
        double seconds;
        ulong_t status = ask(member, most, &seconds);
        longest = seconds > longest ? seconds : longest;
        if (!is_listed(member))
            continue;
        put_serial(state->members[state->count].serial, 154438865287 + (unsigned long)member);
        state->members[state->count++].status = status;
    }
    if (asked("listed-twice")) {
        put_serial(state->members[state->count].serial, 154438865287);
        state->members[state->count++].status = CKR_DEVICE_ERROR;
    }
    return longest;
}

static int in_this_call(const char *deed)
{
    char word[40];
    snprintf(word, sizeof word, "%s-%u", deed, calls);
    return asked(word);
}

static void edit_file(void)
{
    char path[4096];
    in_configuration(path, sizeof path, "Chrystoki.conf");
    int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (file < 0 || write(file, "Misc = {\n}\n", 11) != 11)
        abort();
    close(file);
}

ulong_t CA_GetCurrentHAState(ulong_t slot, unsigned char *buffer)
{
    struct state state;
    ulong_t own = first();
    calls++;
    if (slot != own || asked("unsupported"))
        return 0x54;
    while (in_this_call("hang"))
        pause();
    if (in_this_call("fork") && fork() < 0)
        abort();
    if (in_this_call("reached")) {
        mkdir(getenv("HOSTILE_REACHED"), 0700);
        sleep_for(0.5);
    }
    if (asked("edits-file") && calls == 3)
        edit_file();
    sleep_for(answer(&state, limit()));
    if (asked("lost-with-code"))
        return CKR_TOKEN_NOT_PRESENT;
    if (asked("error") || in_this_call("error"))
        return 0x06;
    if (in_this_call("no-list"))
        state.count = 0;
    if (asked("half-a-status")) { /* the upper half of each status word stays as it was in the caller's buffer */
        for (int member = 0; member < MEMBERS; member++) {
            unsigned char *word = buffer + offsetof(struct state, members[member].status);
            memcpy((unsigned char *)&state.members[member].status + 4, word + 4, 4);
        }
    }
    memcpy(buffer, &state, sizeof state);
    return 0;
}

struct function_list {
    unsigned char version[8];
    void *functions[68];
};

ulong_t C_GetFunctionList(struct function_list **list)
{
    static struct function_list functions = {{2, 20}, {NULL}};
    functions.functions[0] = (void *)C_Initialize;
    functions.functions[1] = (void *)C_Finalize;
    functions.functions[4] = (void *)C_GetSlotList;
    functions.functions[5] = (void *)C_GetSlotInfo;
    functions.functions[6] = (void *)C_GetTokenInfo;
    functions.functions[12] = (void *)C_OpenSession;
    *list = &functions;
    return 0;
}

/*
 * A PKCS#11 library that misbehaves on request: the environment variable HOSTILE holds words separated by commas.
 *
 *   DEED-PLACE   DEED is hang, slow (0.3 s), exit, abort, segv, print, child, closeall, garble or flood; PLACE is
 *                load, initialize, slots, again (looking at a slot after the first status call), status or finalize.
 *                child starts a process that holds every descriptor open; closeall closes them all; garble and flood
 *                write to every descriptor that is not a standard one, flood without an end.
 *   members-N    the count of members in the answer; at most 32 are written
 *   what the status call leaves in the buffer: untouched, overrun, no-status, no-serial, letters, changing (the layout,
 *                from the third call on), fill-only (nothing that a layout does not demand: no padding, no free places)
 *   what the slots look like: two-groups, no-group, by-model (the description tells nothing), renumber (one up with
 *                every status call), vanish (after two), no-serial-number, new-serial-number (with every call),
 *                no-token, many-slots (2^62), no-slots (an error)
 *
 * HOSTILE_LAYOUT is serial20 (the default), serial16 or ulong. HOSTILE_CODES is a list of numbers: the n-th status call
 * returns the n-th. The n-th member has the n-th of HOSTILE_STATUS; C_Initialize returns HOSTILE_INITIALIZE. The status
 * call returns CKR_FUNCTION_NOT_SUPPORTED for slot 0, and CKR_GENERAL_ERROR when it is entered twice at a time.
 *
 * Compiled with -DNO_INITIALIZE, -DNO_STATUS_CALL or -DOLD_CLIENT it lacks C_Initialize or the status call; the last has
 * the call of clients before 10.7.0 instead.
 */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong_t;

static unsigned calls; /* status calls so far */

static int asked(const char *word)
{
    const char *all = getenv("HOSTILE");
    size_t length = strlen(word);
    while (all != NULL && *all != '\0') {
        size_t here = strcspn(all, ",");
        if (here == length && strncmp(all, word, length) == 0)
            return 1;
        all += here + (all[here] == ',');
    }
    return 0;
}

static int asked_at(const char *deed, const char *place)
{
    char word[64];
    snprintf(word, sizeof word, "%s-%s", deed, place);
    return asked(word);
}

/* The index-th number of the list in the environment variable name; its last one where the list is shorter; else 0. */
static ulong_t listed(const char *name, unsigned index)
{
    const char *text = getenv(name);
    ulong_t value = 0;
    while (text != NULL && *text != '\0') {
        char *end;
        value = strtoul(text, &end, 0);
        text = *end == ',' ? end + 1 : end;
        if (index-- == 0)
            break;
    }
    return value;
}

static void misbehave(const char *place)
{
    if (asked_at("print", place)) {
        static const char noise[] = "{\"done\": true}\nnoise from the library\n";
        for (int descriptor = 0; descriptor < 3; descriptor++)
            if (write(descriptor, noise, sizeof noise - 1) < 0)
                continue;
    }
    if (asked_at("child", place) && fork() == 0)
        for (;;)
            pause();
    if (asked_at("closeall", place))
        for (int descriptor = 0; descriptor < 64; descriptor++)
            close(descriptor);
    if (asked_at("garble", place))
        for (int descriptor = 3; descriptor < 64; descriptor++)
            if (write(descriptor, "no message\n", 11) < 0)
                continue;
    if (asked_at("flood", place))
        for (;;)
            for (int descriptor = 3; descriptor < 64; descriptor++)
                if (write(descriptor, "a line without an end ", 22) < 0)
                    continue;
    if (asked_at("slow", place))
        usleep(300000);
    if (asked_at("exit", place))
        exit(3);
    if (asked_at("abort", place))
        abort();
    if (asked_at("segv", place))
        *(volatile int *)8 = 1;
    while (asked_at("hang", place))
        pause();
}

__attribute__((constructor)) static void on_load(void)
{
    misbehave("load");
}

#ifndef NO_INITIALIZE
ulong_t C_Initialize(void *arguments)
{
    (void)arguments;
    misbehave("initialize");
    return listed("HOSTILE_INITIALIZE", 0);
}
#endif

ulong_t C_Finalize(void *reserved)
{
    (void)reserved;
    misbehave("finalize");
    return 0;
}

static ulong_t first_group(void)
{
    return asked("renumber") ? 5 + calls : 5;
}

static unsigned groups(void)
{
    if (asked("no-group") || (asked("vanish") && calls >= 2))
        return 0;
    return asked("two-groups") ? 2 : 1;
}

ulong_t C_GetSlotList(unsigned char present, ulong_t *list, ulong_t *count)
{
    ulong_t room = *count;
    (void)present;
    misbehave("slots");
    *count = 1 + groups();
    if (asked("many-slots"))
        *count = (ulong_t)1 << 62;
    if (asked("no-slots"))
        return 0x30;
    if (list == NULL)
        return 0;
    if (room < *count)
        return 0x150;
    list[0] = 0;
    for (ulong_t group = 0; group < groups(); group++)
        list[1 + group] = first_group() + group;
    return 0;
}

static int is_group(ulong_t slot)
{
    return slot >= first_group() && slot < first_group() + groups();
}

static void put_text(unsigned char *field, size_t size, const char *text)
{
    memset(field, ' ', size);
    memcpy(field, text, strlen(text));
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

ulong_t C_GetSlotInfo(ulong_t slot, struct slot_info *info)
{
    if (calls > 0)
        misbehave("again");
    if (slot != 0 && !is_group(slot))
        return 3;
    memset(info, 0, sizeof *info);
    put_text(info->description, sizeof info->description,
             slot != 0 && !asked("by-model") ? "HA Virtual Card Slot" : "Net Token Slot");
    info->flags = slot == 0 ? 7 : 5;
    return 0;
}

ulong_t C_GetTokenInfo(ulong_t slot, struct token_info *info)
{
    if ((slot != 0 && !is_group(slot)) || asked("no-token"))
        return 0xe0;
    memset(info, 0, sizeof *info);
    if (slot == 0) {
        put_text(info->label, sizeof info->label, "partition");
        put_text(info->model, sizeof info->model, "LunaSA 7.8.7");
        put_text(info->serial, sizeof info->serial, "154438865287");
        return 0;
    }
    put_text(info->label, sizeof info->label, slot == first_group() ? "first" : "second\x1b[31m");
    put_text(info->model, sizeof info->model, "LunaVirtual");
    if (!asked("no-serial-number"))
        put_text(info->serial, sizeof info->serial, slot == first_group() ? "1154438865287" : "1154438865288");
    if (asked("new-serial-number"))
        info->serial[12] = (unsigned char)('0' + calls % 10);
    return 0;
}

struct layout {
    const char *name;
    size_t serial, status, member, members, count;
};

static const struct layout layouts[] = {
    {"serial20", 20, 24, 32, 24, 1048},
    {"serial16", 16, 16, 24, 16, 784},
    {"ulong", 8, 8, 16, 8, 520},
};

static const struct layout *layout(void)
{
    const char *name = getenv("HOSTILE_LAYOUT");
    unsigned index = 0;
    while (name != NULL && index < 2 && strcmp(layouts[index].name, name) != 0)
        index++;
    return &layouts[(index + (asked("changing") && calls > 2)) % 3];
}

static void put_serial(unsigned char *field, const struct layout *how, uint64_t serial)
{
    char text[24];
    if (how->serial == 8) {
        memcpy(field, &serial, 8);
        return;
    }
    snprintf(text, sizeof text, asked("letters") ? "S/N %llu" : "%llu", (unsigned long long)serial);
    memcpy(field, text, strlen(text) + (how->serial == 20));
    if (how->serial == 16) /* no NUL: padded with blanks */
        memset(field + strlen(text), ' ', 16 - strlen(text));
}

static ulong_t member_count(void)
{
    const char *all = getenv("HOSTILE");
    const char *word = all == NULL ? NULL : strstr(all, "members-");
    return word == NULL ? 3 : strtoul(word + strlen("members-"), NULL, 0);
}

__attribute__((unused)) static void answer(unsigned char *buffer)
{
    const struct layout *how = layout();
    ulong_t count = member_count();
    if (asked("untouched"))
        return;
    if (asked("overrun")) {
        memset(buffer, 0, 4096);
        memset(buffer + 4095, 1, 1);
        return;
    }
    if (!asked("fill-only"))
        memset(buffer, 0, how->count);
    put_serial(buffer, how, 1154438865287);
    for (unsigned index = 0; index < count && index < 32; index++) {
        unsigned char *member = buffer + how->members + index * how->member;
        ulong_t status = listed("HOSTILE_STATUS", index);
        if (!asked("no-serial"))
            put_serial(member, how, 154438865287 + index);
        if (!asked("no-status"))
            memcpy(member + how->status, &status, sizeof status);
    }
    memcpy(buffer + how->count, &count, sizeof count);
}

#if !defined NO_STATUS_CALL && !defined OLD_CLIENT
ulong_t CA_GetCurrentHAState(ulong_t slot, unsigned char *state)
{
    static atomic_int inside;
    ulong_t result = 0x54;
    int alone = atomic_fetch_add(&inside, 1) == 0;
    calls++;
    misbehave("status");
    if (slot != 0) {
        answer(state);
        result = listed("HOSTILE_CODES", calls - 1);
    }
    atomic_fetch_sub(&inside, 1);
    return alone ? result : 5;
}
#endif

#ifdef OLD_CLIENT
ulong_t CA_GetHAState(ulong_t slot, unsigned char *state)
{
    (void)slot;
    answer(state);
    return 0;
}
#endif

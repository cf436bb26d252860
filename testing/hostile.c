/*
 * A PKCS#11 library that misbehaves on request: the environment variable HOSTILE holds words separated by commas. With
 * @RUN behind it a word holds only in that run (1, 2 ...): HOSTILE_RUNS names a file in which loads are counted.
 *
 *   DEED-PLACE   PLACE is load, functions (C_GetFunctionList), initialize, slots, info (looking at a slot), token, again
 *                (looking at a slot after the first status call), status (each call) or status1, status2 ... , finalize,
 *                unload. DEED is
 *                hang, stop (SIGSTOP), slow (0.3 s), late (crashes 50 ms later, in another thread);
 *                exit, quit (_exit), abort, segv, kill, killgroup (SIGTERM to its process group);
 *                child (holds every descriptor open), daemon (a child in a session of its own), exec (another program);
 *                print, closestd, closeall, garble and flood (write to every descriptor that is not a standard one,
 *                flood without an end), exhaust (no descriptor is left);
 *                signals (handles and blocks every signal), alarm (a timer), allocate (64 MiB), surroundings (current
 *                folder, mask of new files, environment).
 *                hang and stop make the folder that HOSTILE_REACHED names.
 *   times-out    the last member is slow and the second run is at 60 s: status calls take 3.5 s in it; in every other
 *                they take 3 s and that member has failed
 *   members-N    the count of members in the answer; at most 32 are written
 *   what the status call leaves in the buffer, in each call or with -statusN in the N-th: untouched, overrun, smash
 *                (more than confkit's buffer holds), no-status, no-serial, letters, lost (no members), many (33),
 *                refused (the call returns CKR_DEVICE_MEMORY), other-layout; changing (the layout, from the third call
 *                on), fill-only (nothing that a layout does not demand: no padding, no free places)
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

#include "hostile_deeds.h"

static unsigned calls; /* status calls so far */

__attribute__((constructor)) static void on_load(void)
{
    run_number();
    misbehave("load");
}

__attribute__((destructor)) static void on_unload(void)
{
    misbehave("unload");
}

ulong_t C_GetFunctionList(void **list)
{
    (void)list;
    misbehave("functions");
    return 0x54;
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
    misbehave(calls > 0 ? "again" : "info");
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
    misbehave("token");
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

/* Whether the word is asked for in every status call or in this one. */
static int asked_now(const char *word)
{
    char place[16];
    snprintf(place, sizeof place, "status%u", calls);
    return asked(word) || asked_at(word, place);
}

static const struct layout *layout(void)
{
    const char *name = getenv("HOSTILE_LAYOUT");
    unsigned index = 0;
    while (name != NULL && index < 2 && strcmp(layouts[index].name, name) != 0)
        index++;
    return &layouts[(index + ((asked("changing") && calls > 2) || asked_now("other-layout"))) % 3];
}

static void put_serial(unsigned char *field, const struct layout *how, uint64_t serial)
{
    char text[24];
    if (how->serial == 8) {
        memcpy(field, &serial, 8);
        return;
    }
    snprintf(text, sizeof text, asked_now("letters") ? "S/N %llu" : "%llu", (unsigned long long)serial);
    memcpy(field, text, strlen(text) + (how->serial == 20));
    if (how->serial == 16) /* no NUL: padded with blanks */
        memset(field + strlen(text), ' ', 16 - strlen(text));
}

static ulong_t member_count(void)
{
    const char *all = getenv("HOSTILE");
    const char *word = all == NULL ? NULL : strstr(all, "members-");
    if (asked_now("lost") || asked_now("many"))
        return asked_now("lost") ? 0 : 33;
    return word == NULL ? 3 : strtoul(word + strlen("members-"), NULL, 0);
}

__attribute__((unused)) static void answer(unsigned char *buffer)
{
    const struct layout *how = layout();
    ulong_t count = member_count();
    if (asked_now("untouched"))
        return;
    if (asked_now("overrun") || asked_now("smash")) {
        memset(buffer, 1, asked_now("smash") ? 8192 + 64 : 4096);
        return;
    }
    if (!asked("fill-only"))
        memset(buffer, 0, how->count);
    put_serial(buffer, how, 1154438865287);
    for (unsigned index = 0; index < count && index < 32; index++) {
        unsigned char *member = buffer + how->members + index * how->member;
        ulong_t status = listed("HOSTILE_STATUS", index);
        if (asked("times-out") && run_number() != 2 && index + 1 == count)
            status = 0x80000024; /* CKR_TIMEOUT */
        if (!asked_now("no-serial"))
            put_serial(member, how, 154438865287 + index);
        if (!asked_now("no-status"))
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
    char place[16];
    snprintf(place, sizeof place, "status%u", ++calls);
    misbehave("status");
    misbehave(place);
    if (asked("times-out"))
        usleep(run_number() == 2 ? 3500000 : 3000000);
    if (slot != 0) {
        answer(state);
        result = asked_now("refused") ? 0x31 : listed("HOSTILE_CODES", calls - 1);
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

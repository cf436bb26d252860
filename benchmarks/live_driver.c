/*
 * What a user would write instead of confkit: a C program that makes status calls of an HA group, one after the other.
 *
 *   live_driver LIBRARY FUNCTION CALLS GAP
 *
 * loads the library, takes its first slot, calls FUNCTION (CA_GetCurrentHAState or CA_GetHAState) CALLS times, GAP
 * seconds apart, and prints the nanoseconds of each call, one a line. A call is timed from the moment that it was due
 * until it came back, as confkit times it, so waking up counts on both sides. It declares what it needs of the interface
 * itself, from the published description, and includes nothing of the library. Whatever goes wrong ends it with exit
 * code 1.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROOM 8192 /* several times the largest of the published structures */
#define SLOTS 256

typedef unsigned long number;

static void *symbol(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (!found) {
        fprintf(stderr, "the library has no function %s\n", name);
        exit(1);
    }
    return found;
}

static void demand(number rv, const char *what)
{
    if (rv != 0) {
        fprintf(stderr, "%s returned 0x%lx\n", what, rv);
        exit(1);
    }
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void wait_until(long long moment)
{
    struct timespec time = {.tv_sec = moment / 1000000000, .tv_nsec = moment % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

int main(int argc, char **argv)
{
    static unsigned char state[ROOM];
    number (*initialize)(void *);
    number (*finalize)(void *);
    number (*get_slot_list)(unsigned char, number *, number *);
    number (*status)(number, void *);
    number slots[SLOTS];
    number count = SLOTS;
    if (argc != 5) {
        fprintf(stderr, "usage: live_driver LIBRARY FUNCTION CALLS GAP\n");
        return 1;
    }
    long long gap = (long long)(strtod(argv[4], NULL) * 1e9);
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    *(void **)&initialize = symbol(library, "C_Initialize");
    *(void **)&finalize = symbol(library, "C_Finalize");
    *(void **)&get_slot_list = symbol(library, "C_GetSlotList");
    *(void **)&status = symbol(library, argv[2]);
    demand(initialize(NULL), "C_Initialize");
    demand(get_slot_list(1, slots, &count), "C_GetSlotList");
    for (long left = strtol(argv[3], NULL, 10); left > 0; left--) {
        long long due = now() + gap;
        memset(state, 0, sizeof state);
        wait_until(due);
        number rv = status(slots[0], state);
        long long elapsed = now() - due;
        demand(rv, argv[2]);
        printf("%lld\n", elapsed);
    }
    demand(finalize(NULL), "C_Finalize");
    return 0;
}

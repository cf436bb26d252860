#define _GNU_SOURCE
#include "hostile_deeds.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define DESCRIPTORS 64
#define LEAK (64 << 20)

unsigned run_number(void)
{
    static unsigned number;
    const char *path = getenv("HOSTILE_RUNS");
    if (number == 0 && path != NULL) {
        int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        struct stat status;
        if (file < 0 || write(file, ".", 1) != 1 || fstat(file, &status) != 0)
            abort();
        close(file);
        number = (unsigned)status.st_size;
    }
    return number == 0 ? 1 : number;
}

int asked(const char *word)
{
    const char *all = getenv("HOSTILE");
    char in_this_run[80];
    snprintf(in_this_run, sizeof in_this_run, "%s@%u", word, run_number());
    while (all != NULL && *all != '\0') {
        size_t here = strcspn(all, ",");
        if (here == strlen(word) && strncmp(all, word, here) == 0)
            return 1;
        if (here == strlen(in_this_run) && strncmp(all, in_this_run, here) == 0)
            return 1;
        all += here + (all[here] == ',');
    }
    return 0;
}

int asked_at(const char *deed, const char *place)
{
    char word[64];
    snprintf(word, sizeof word, "%s-%s", deed, place);
    return asked(word);
}

ulong_t listed(const char *name, unsigned index)
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

static void write_to(int first, int last, const char *text)
{
    for (int descriptor = first; descriptor < last; descriptor++)
        if (write(descriptor, text, strlen(text)) < 0)
            continue;
}

/* Tells the test, where it wants to know, that the library has come to its misdeed. */
static void announce(void)
{
    const char *path = getenv("HOSTILE_REACHED");
    if (path != NULL) /* a folder: to make one takes no descriptor */
        mkdir(path, 0700);
}

static void start_processes(const char *place)
{
    if (asked_at("child", place) && fork() == 0)
        for (;;)
            pause();
    /* A daemon: in a session of its own, and a child of nobody here. */
    if (asked_at("daemon", place) && fork() == 0) {
        setsid();
        if (fork() == 0)
            for (;;)
                pause();
        _exit(0);
    }
    if (asked_at("exec", place))
        execl("/bin/sleep", "sleep", "600", (char *)NULL);
}

static void break_descriptors(const char *place)
{
    if (asked_at("print", place))
        write_to(0, 3, "{\"done\": true}\nnoise from the library\n");
    if (asked_at("closestd", place))
        for (int descriptor = 0; descriptor < 3; descriptor++)
            close(descriptor);
    if (asked_at("closeall", place))
        for (int descriptor = 0; descriptor < DESCRIPTORS; descriptor++)
            close(descriptor);
    if (asked_at("garble", place))
        write_to(3, DESCRIPTORS, "no message\n");
    if (asked_at("flood", place))
        for (;;)
            write_to(3, DESCRIPTORS, "a line without an end ");
    if (asked_at("exhaust", place)) {
        struct rlimit few = {.rlim_cur = 256, .rlim_max = 256};
        setrlimit(RLIMIT_NOFILE, &few);
        while (dup(0) >= 0)
            continue;
    }
}

static void ignore_signal(int number)
{
    (void)number;
}

static void change_process(const char *place)
{
    if (asked_at("signals", place)) {
        for (int number = 1; number < NSIG; number++)
            signal(number, ignore_signal);
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, NULL);
    }
    if (asked_at("alarm", place)) { /* a timer that interrupts every call of the system, a hundred times a second */
        signal(SIGALRM, ignore_signal);
        struct itimerval often = {{0, 10000}, {0, 10000}};
        setitimer(ITIMER_REAL, &often, NULL);
    }
    if (asked_at("allocate", place)) {
        char *leaked = malloc(LEAK);
        if (leaked != NULL)
            memset(leaked, 1, LEAK);
    }
    if (asked_at("surroundings", place)) {
        if (chdir("/") != 0)
            abort();
        umask(0);
        unsetenv("ChrystokiConfigurationPath");
        setenv("TMPDIR", "/nowhere", 1);
    }
}

static void *crash_later(void *unused)
{
    (void)unused;
    usleep(50000);
    *(volatile int *)8 = 1;
    return NULL;
}

static void end_process(const char *place)
{
    pthread_t thread;
    if (asked_at("late", place)) /* a callback that comes when nobody expects it any more */
        pthread_create(&thread, NULL, crash_later, NULL);
    if (asked_at("exit", place))
        exit(3);
    if (asked_at("quit", place))
        _exit(0);
    if (asked_at("abort", place))
        abort();
    if (asked_at("segv", place))
        *(volatile int *)8 = 1;
    if (asked_at("kill", place))
        kill(getpid(), SIGKILL);
    if (asked_at("killgroup", place)) /* a library that ends its helpers, and takes them to be its whole group */
        kill(0, SIGTERM);
}

static void never_return(const char *place)
{
    if (asked_at("stop", place)) {
        announce();
        kill(getpid(), SIGSTOP);
    }
    while (asked_at("hang", place)) {
        announce();
        pause();
    }
}

void misbehave(const char *place)
{
    start_processes(place);
    break_descriptors(place);
    change_process(place);
    end_process(place);
    if (asked_at("slow", place))
        usleep(300000);
    never_return(place);
}

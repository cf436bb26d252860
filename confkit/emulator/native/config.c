#define _GNU_SOURCE
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT (1024 * 1024)
#define VALUE_SIZE 4096 /* a path; 32 serial numbers of 16 digits, separated by comma and space, are 574 bytes */
#define MILLISECOND INT64_C(1000000)

struct span {
    const char *start;
    size_t size;
};

void complain(const char *what, const char *detail)
{
    fprintf(stderr, "emulated Luna client: %s%s\n", what, detail);
}

static bool is_space(char character)
{
    return character == ' ' || character == '\t' || character == '\r';
}

static struct span trimmed(const char *start, const char *end)
{
    while (start < end && is_space(*start)) {
        start++;
    }
    while (end > start && is_space(end[-1])) {
        end--;
    }
    return (struct span){start, (size_t)(end - start)};
}

static bool span_is(struct span span, const char *text)
{
    return span.size == strlen(text) && memcmp(span.start, text, span.size) == 0;
}

/* The line `Section name = {`; the equals sign is looked for only in front of the brace. */
static bool opens_section(const char *line, const char *brace, const char *section)
{
    const char *equals = memchr(line, '=', (size_t)(brace - line));
    return span_is(trimmed(line, equals ? equals : brace), section);
}

/* The value of the line `key = value;`. A line without the semicolon is not an entry to the public readers of this file. */
static bool line_value(const char *line, const char *end, const char *key, char value[VALUE_SIZE])
{
    const char *equals = memchr(line, '=', (size_t)(end - line));
    if (!equals || !span_is(trimmed(line, equals), key)) {
        return false;
    }
    const char *semicolon = memchr(equals, ';', (size_t)(end - equals));
    if (!semicolon) {
        return false;
    }
    struct span found = trimmed(equals + 1, semicolon);
    if (found.size >= VALUE_SIZE) {
        return false;
    }
    memcpy(value, found.start, found.size);
    value[found.size] = '\0';
    return true;
}

/* The first such entry of the first such section wins, as in the public readers. An empty value counts as absent. */
static bool find_entry(const char *text, const char *section, const char *key, char value[VALUE_SIZE])
{
    bool inside = false;
    for (const char *line = text; *line;) {
        const char *end = strchrnul(line, '\n');
        const char *brace = memchr(line, '{', (size_t)(end - line));
        if (brace) {
            inside = opens_section(line, brace, section);
        } else if (inside && memchr(line, '}', (size_t)(end - line))) {
            return false;
        } else if (inside && line_value(line, end, key, value)) {
            return value[0] != '\0';
        }
        line = *end ? end + 1 : end;
    }
    return false;
}

static void copy_text(char *target, size_t size, const char *source)
{
    snprintf(target, size, "%.*s", (int)(size - 1), source);
}

/* The value of an entry, or an empty text. */
static void find_text(const char *text, const char *section, const char *key, char *target, size_t size)
{
    char value[VALUE_SIZE] = "";
    find_entry(text, section, key, value);
    copy_text(target, size, value);
}

/* A whole number, decimal or 0x...; `absent` where there is none or it is not a number. */
static long find_number(const char *text, const char *section, const char *key, long absent)
{
    char value[VALUE_SIZE];
    if (!find_entry(text, section, key, value)) {
        return absent;
    }
    char *rest;
    int base = strncmp(value, "0x", 2) == 0 ? 16 : 10;
    errno = 0;
    long number = strtol(value, &rest, base);
    return errno == 0 && *rest == '\0' ? number : absent;
}

static long clamped(long number, long low, long high)
{
    return number < low ? low : number > high ? high : number;
}

static void read_members(struct group *group, char *list)
{
    char *position;
    for (char *serial = strtok_r(list, ", ", &position); serial; serial = strtok_r(NULL, ", ", &position)) {
        if (group->member_count == CK_HA_MAX_MEMBERS) {
            complain("only the first 32 members are used of HA group ", group->label);
            return;
        }
        copy_text(group->members[group->member_count++], SERIAL_SIZE, serial);
    }
}

static void read_groups(struct configuration *configuration, const char *text)
{
    for (int number = 0; number < 100 && configuration->group_count < GROUP_LIMIT; number++) {
        struct group *group = &configuration->groups[configuration->group_count];
        char key[32];
        char value[VALUE_SIZE];
        snprintf(key, sizeof key, "VirtualToken%02dLabel", number);
        if (!find_entry(text, "VirtualToken", key, value)) {
            continue;
        }
        copy_text(group->label, LABEL_SIZE, value);
        snprintf(key, sizeof key, "VirtualToken%02dSN", number);
        if (find_entry(text, "VirtualToken", key, value)) {
            copy_text(group->serial, SERIAL_SIZE, value);
        }
        snprintf(key, sizeof key, "VirtualToken%02dMembers", number);
        if (find_entry(text, "VirtualToken", key, value)) {
            read_members(group, value);
        }
        configuration->group_count++;
    }
}

static void read_servers(struct configuration *configuration, const char *text)
{
    for (int number = 0; number < SERVER_LIMIT; number++) {
        struct server_entry *server = &configuration->servers[configuration->server_count];
        char key[32];
        char value[VALUE_SIZE];
        snprintf(key, sizeof key, "ServerName%02d", number);
        if (!find_entry(text, "LunaSA Client", key, value)) {
            continue;
        }
        copy_text(server->name, NAME_SIZE, value);
        snprintf(key, sizeof key, "ServerPort%02d", number);
        long port = clamped(find_number(text, "LunaSA Client", key, 1792), 1, 65535);
        snprintf(server->port, sizeof server->port, "%ld", port);
        configuration->server_count++;
    }
}

/* statusTimeout in seconds. What a real client does with a value outside 3 to 60 is not documented. */
static long bounded(long seconds, enum outside_range choice)
{
    if (choice == OUTSIDE_AS_IS) {
        return clamped(seconds, 0, 86400); /* a day: no sum of times overflows */
    }
    if (choice == OUTSIDE_DEFAULT && (seconds < 3 || seconds > 60)) {
        return 3;
    }
    return clamped(seconds, 3, 60);
}

static void read_timeouts(struct configuration *configuration, const char *text)
{
    /* Default 3 s and ceiling 60 s are documented. secondMs lets tests live through many time-outs. */
    long seconds = bounded(find_number(text, "HAConfiguration", "statusTimeout", 3), configuration->outside_range);
    long second = clamped(find_number(text, "Emulator", "secondMs", 1000), 1, 60000);
    configuration->status_timeout = seconds * second * MILLISECOND;
    long receive = clamped(find_number(text, "LunaSA Client", "ReceiveTimeout", 20000), 1, 86400000);
    configuration->receive_timeout = receive * MILLISECOND;
    long interval = clamped(find_number(text, "HAConfiguration", "AutoReconnectInterval", 60), 1, 86400);
    interval = find_number(text, "Emulator", "reconnectIntervalMs", interval * 1000);
    configuration->reconnect_interval = clamped(interval, 1, 86400000) * MILLISECOND;
    /* Without the entry there is no recovery: the vendor's 7.1 pages call it "disabled by default". */
    configuration->reconnect_attempts = find_number(text, "HAConfiguration", "reconnAtt", 0);
}

/* The position of the entry's value in `names`, which ends with NULL; 0 without the entry; -1 for any other value. */
static int find_choice(const char *text, const char *key, const char *const *names)
{
    char value[VALUE_SIZE];
    if (!find_entry(text, "Emulator", key, value)) {
        return 0;
    }
    for (int i = 0; names[i]; i++) {
        if (strcmp(value, names[i]) == 0) {
            return i;
        }
    }
    fprintf(stderr, "emulated Luna client: %s in section Emulator has an unknown value: %s. Known are", key, value);
    for (int i = 0; names[i]; i++) {
        fprintf(stderr, " %s", names[i]);
    }
    fprintf(stderr, "\n");
    return -1;
}

static bool read_choices(struct configuration *configuration, const char *text)
{
    static const char *const layouts[] = {"serial20", "serial16", "ulong", NULL};
    static const char *const reports[] = {"at-timeout", "early", "always-at-timeout", NULL};
    static const char *const outside[] = {"clamp", "default", "as-is", NULL};
    int layout = find_choice(text, "layout", layouts);
    int report = find_choice(text, "report", reports);
    int outside_range = find_choice(text, "timeoutOutsideRange", outside);
    if (layout < 0 || report < 0 || outside_range < 0) {
        return false;
    }
    configuration->layout = (enum layout)layout;
    configuration->report = (enum report)report;
    configuration->outside_range = (enum outside_range)outside_range;
    return true;
}

static void read_switches(struct configuration *configuration, const char *text)
{
    configuration->ha_only = find_number(text, "HAConfiguration", "HAOnly", 0) == 1;
    configuration->other_slot_return =
        (CK_RV)find_number(text, "Emulator", "otherSlotReturn", (long)CKR_FUNCTION_NOT_SUPPORTED);
    configuration->all_down_return = (CK_RV)find_number(text, "Emulator", "allDownReturn", (long)CKR_OK);
    configuration->empty_ha_slots = (CK_ULONG)clamped(find_number(text, "Emulator", "emptyHASlots", 0), 0, EMPTY_SLOT_LIMIT);
    configuration->empty_slots = (CK_ULONG)clamped(find_number(text, "Emulator", "emptySlots", 0), 0, EMPTY_SLOT_LIMIT);
    find_text(text, "Emulator", "softhsm", configuration->softhsm_library, PATH_SIZE);
    find_text(text, "Emulator", "softhsmConfiguration", configuration->softhsm_configuration, PATH_SIZE);
    char recovery[VALUE_SIZE] = "";
    find_entry(text, "VirtualToken", "VirtualTokenActiveRecovery", recovery);
    configuration->restores_sessions = strcmp(recovery, "activeEnhanced") == 0;
}

/* The whole file as a string, to be freed; NULL with errno set when it cannot be read. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        return NULL;
    }
    char *text = malloc(FILE_LIMIT + 1);
    if (text) {
        text[fread(text, 1, FILE_LIMIT, file)] = '\0';
        if (ferror(file)) {
            free(text);
            text = NULL;
        }
    }
    fclose(file);
    return text;
}

bool configuration_load(struct configuration *configuration)
{
    const char *directory = getenv("ChrystokiConfigurationPath");
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/Chrystoki.conf", directory && *directory ? directory : "/etc");
    char *text = read_file(path);
    if (!text) {
        complain("cannot read ", path);
        return false;
    }
    memset(configuration, 0, sizeof *configuration);
    read_groups(configuration, text);
    read_servers(configuration, text);
    bool usable = read_choices(configuration, text);
    read_timeouts(configuration, text);
    read_switches(configuration, text);
    free(text);
    return usable;
}

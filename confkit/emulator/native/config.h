/*
 * What the emulated client reads from Chrystoki.conf.
 *
 * Section Emulator is read by this library alone:
 *    layout = serial20 | serial16 | ulong     of CK_HA_STATUS, see luna_ha.h
 *    report = at-timeout | early | always-at-timeout       see enum report
 *    timeoutOutsideRange = clamp | default | as-is         see enum outside_range
 *    otherSlotReturn, allDownReturn = CODE    decimal or 0x..., see struct configuration
 *    emptyHASlots, emptySlots = N             slots without a token, behind the HA groups
 *    softhsm, softhsmConfiguration = PATH     the library of SoftHSM2 and its own configuration file
 *    secondMs = N                             how long a second of statusTimeout is
 *    reconnectIntervalMs = N                  instead of AutoReconnectInterval
 */
#ifndef CONFKIT_CONFIG_H
#define CONFKIT_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "luna_ha.h"

#define GROUP_LIMIT 32
#define EMPTY_SLOT_LIMIT 32 /* of each kind of slots without a token */
#define SERVER_LIMIT 100 /* ServerName00 to ServerName99 */
#define LABEL_SIZE 33    /* CK_TOKEN_INFO has room for 32 characters */
#define SERIAL_SIZE 17   /* CK_TOKEN_SERIAL_NUMBER_SIZE is 16 */
#define NAME_SIZE 256    /* longest host name */
#define PATH_SIZE 4096

enum layout { LAYOUT_SERIAL20, LAYOUT_SERIAL16, LAYOUT_ULONG };

/* When the status call returns: when statusTimeout is over if a member failed, else at once (as documented); as soon as
 * the status of every member is known; in any case when statusTimeout is over. */
enum report { REPORT_FAILURE_AT_TIMEOUT, REPORT_EARLY, REPORT_ALWAYS_AT_TIMEOUT };

/* What is made of a statusTimeout outside 3 to 60 s: the nearest bound, the default of 3 s, or the value itself. */
enum outside_range { OUTSIDE_CLAMP, OUTSIDE_DEFAULT, OUTSIDE_AS_IS };

struct group {
    char label[LABEL_SIZE];
    char serial[SERIAL_SIZE];
    size_t member_count;
    char members[CK_HA_MAX_MEMBERS][SERIAL_SIZE];
};

struct server_entry {
    char name[NAME_SIZE];
    char port[8];
};

struct configuration {
    size_t group_count;
    struct group groups[GROUP_LIMIT];
    size_t server_count;
    struct server_entry servers[SERVER_LIMIT];
    bool ha_only;
    int64_t status_timeout;     /* ns */
    int64_t receive_timeout;    /* ns */
    int64_t reconnect_interval; /* ns */
    long reconnect_attempts;    /* -1: unlimited; 0: no recovery */
    bool restores_sessions;     /* after the loss of the last member: activeEnhanced */
    enum layout layout;
    enum report report;
    enum outside_range outside_range;
    CK_RV other_slot_return; /* of a status call on a slot that is not an HA group */
    CK_RV all_down_return;   /* of a status call when every member failed */
    CK_ULONG empty_ha_slots;
    CK_ULONG empty_slots;
    char softhsm_library[PATH_SIZE]; /* empty: none */
    char softhsm_configuration[PATH_SIZE];
};

/* Fills `configuration` from $ChrystokiConfigurationPath/Chrystoki.conf, else from /etc/Chrystoki.conf.
 * False, with a line on standard error, when the file cannot be read or a value of section Emulator is unknown. */
bool configuration_load(struct configuration *configuration);

/* One line on standard error. */
void complain(const char *what, const char *detail);

#endif

/*
 * What the emulated client reads from Chrystoki.conf.
 *
 * Section Emulator is read by this library alone:
 *    layout = serial20 | serial16 | ulong     of CK_HA_STATUS, see cryptoki.h
 *    waitFullTimeout = 0 | 1 | 2              see enum reporting
 *    otherSlotReturn, allDownReturn = CODE    decimal or 0x..., see struct configuration
 *    secondMs = N                             how long a second of statusTimeout is
 *    reconnectIntervalMs = N                  instead of AutoReconnectInterval
 */
#ifndef CONFKIT_CONFIG_H
#define CONFKIT_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "cryptoki.h"

#define GROUP_LIMIT 32
#define SERVER_LIMIT 100 /* ServerName00 to ServerName99 */
#define LABEL_SIZE 33    /* CK_TOKEN_INFO has room for 32 characters */
#define SERIAL_SIZE 17   /* CK_TOKEN_SERIAL_NUMBER_SIZE is 16 */
#define NAME_SIZE 256    /* longest host name */

enum layout { LAYOUT_SERIAL20, LAYOUT_SERIAL16, LAYOUT_ULONG };

/* When the status call reports: once every member is decided; that, but a failure only when the time is over; in any
 * case only when the time is over. */
enum reporting { REPORT_WHEN_DECIDED, REPORT_FAILURE_AT_TIMEOUT, REPORT_AT_TIMEOUT };

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
    long reconnect_attempts;    /* -1: without end */
    enum layout layout;
    enum reporting reporting;
    CK_RV other_slot_return; /* of a status call on a slot that is no HA group */
    CK_RV all_down_return;   /* of a status call when every member failed */
};

/* Fills `configuration` from $ChrystokiConfigurationPath/Chrystoki.conf, else from /etc/Chrystoki.conf.
 * False, with a line on standard error, when the file cannot be read or a value of section Emulator is unknown. */
bool configuration_load(struct configuration *configuration);

/* One line on standard error. */
void complain(const char *what, const char *detail);

#endif

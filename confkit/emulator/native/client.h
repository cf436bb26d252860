/* The state of the emulated client in this process, and the parts that share it. */
#ifndef CONFKIT_CLIENT_H
#define CONFKIT_CLIENT_H

#include <stdbool.h>

#include "config.h"
#include "wire.h"

#define PARTITION_LIMIT 128 /* of one server */

/* An appliance. Its partitions are those that it named in its last handshake. */
struct server {
    struct sockaddr_storage address;
    socklen_t address_size; /* 0: its name was not resolved */
    struct connection connection;
    size_t partition_count;
    char partitions[PARTITION_LIMIT][SERIAL_SIZE];
    long failed_attempts; /* to reconnect, since the connection was lost */
};

struct client {
    bool initialised;
    int wake; /* becomes readable when C_Finalize wants everybody to leave */
    struct configuration configuration;
    struct server servers[SERVER_LIMIT]; /* as many as configuration.server_count */
};

/* Everything in it belongs to the caller between client_enter and client_leave: one call runs at a time. */
extern struct client client;

/* CKR_OK with the client's lock held, or CKR_CRYPTOKI_NOT_INITIALIZED without it. */
CK_RV client_enter(void);
void client_leave(void);
void client_lock(void); /* the lock alone: C_Initialize, C_Finalize and the recovery thread */

/* members.c: the lock is held, except for members_stop_recovery, which waits for the recovery thread. */
void members_connect(void);
bool members_start_recovery(void);
void members_stop_recovery(void);
void members_disconnect(void);

/* The server that holds a partition: the one that named it in its handshake, else the one at the member's own position
 * in the file (`position` counts from 0), as the configuration lists servers in the order of the members. NULL: none.
 * A server that is asked for a partition that it does not hold answers CKR_TOKEN_NOT_PRESENT. */
struct server *member_server(const char *serial, size_t position);

/* Checks 1 and 2 of the status call: CKR_DEVICE_ERROR for no server, for one that is not connected, and for one whose
 * connection turns out to be lost. */
CK_RV server_check(struct server *server);

/* One request to one server, limited by ReceiveTimeout; a server that lets that pass counts as off-line. `answer` as in
 * struct request. */
CK_RV server_request(struct server *server, enum request_type type, const char *content, char *answer);

/* slots.c */
struct slot {
    const struct group *group; /* NULL: a partition's slot */
    struct server *server;     /* of a partition's slot */
    const char *serial;
};

bool slot_find(CK_SLOT_ID slot_id, struct slot *slot);

/* sessions.c */
void sessions_forget(void);

/* ha_state.c */
void status_calls_forget(void);

#endif

/*
 * The state of the emulated client in this process: its lock, its servers, and waiting for their answers.
 *
 * All state belongs to the thread that holds the lock. A thread that waits for answers lets go of the lock; one of the waiting
 * threads polls the sockets for all of them, the others sleep on a condition. So calls of many threads are under way at
 * the same time, and the library needs no thread of its own for that.
 */
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
    bool connected;      /* and the handshake is over */
    unsigned long epoch; /* counts its connections: what was on an earlier one is gone */
    size_t partition_count;
    char partitions[PARTITION_LIMIT][SERIAL_SIZE];
    long failed_attempts; /* to reconnect, since the connection was lost */
};

enum client_state { CLIENT_OFF, CLIENT_STARTING, CLIENT_RUNNING, CLIENT_STOPPING };

struct client {
    enum client_state state;
    unsigned long calls; /* that are under way; C_Finalize waits for them */
    struct configuration configuration;
    struct server servers[SERVER_LIMIT];   /* as many as configuration.server_count */
    unsigned long group_losses[GROUP_LIMIT]; /* how often each group lost its last connected member */
};

extern struct client client;

void client_lock(void);
void client_unlock(void);

/* CKR_OK with the lock held and the call counted, or CKR_CRYPTOKI_NOT_INITIALIZED without both. */
CK_RV client_enter(void);
void client_leave(void);

/* The pipe by which a polling thread is woken; with the lock held. False: no descriptors. */
bool client_open_pipe(void);

/* Closes the pipe and every connection. */
void client_disconnect(void);

/* Wakes every waiting thread, so that it looks at the state again. */
void client_wake_all(void);

/* Waits, with the lock let go, until another thread calls client_wake_all. */
void client_wait_for_change(void);

/* Waits, with the lock let go, until `request` is decided, or until `deadline` (monotonic, ns) is over. False when
 * C_Finalize came in between. */
bool client_wait(const struct request *request, int64_t deadline);

/* Waits, with the lock let go, until `deadline`. False when C_Finalize came in between. */
bool client_sleep(int64_t deadline);

/* In a forked child: neither lock nor connections are its own. */
void client_forget_after_fork(void);

/* Begins to connect a server. */
void server_open(struct server *server);

/* Ends the connection, notes which groups lost their last member by that, and wakes who waits for an answer. */
void server_close(struct server *server);

/* Hands a request to a server; a broken connection is closed, and the request decided by that. */
void server_send(struct server *server, struct request *request, enum request_type type, const char *content);

/* CKR_DEVICE_ERROR for no server, for one that is not connected, and for one whose connection turns out to be lost. */
CK_RV server_check(struct server *server);

/* One request to one server, limited by ReceiveTimeout; a server that lets that pass counts as off-line. `answer` as in
 * struct request. CKR_CRYPTOKI_NOT_INITIALIZED when C_Finalize came in between. */
CK_RV server_request(struct server *server, enum request_type type, const char *content, char *answer);

/* The server that holds a partition: the one that named it in its handshake, else the one at the member's own position
 * in the file (`position` counts from 0), as the configuration lists servers in the order of the members. NULL: none.
 * A server that is asked for a partition that it does not hold answers CKR_TOKEN_NOT_PRESENT. */
struct server *member_server(const char *serial, size_t position);

/* How often the group lost its last connected member. */
unsigned long group_losses(const struct group *group);

#endif

/*
 * Connections to appliances and framed requests on them. Nothing here waits.
 *
 * A frame is: length of what follows (4 bytes), type (1), sequence number (4), content. Numbers are big-endian. The
 * content of an answer begins with a return code (4). The protocol is the emulator's own; the vendor's is not public.
 */
#ifndef CONFKIT_WIRE_H
#define CONFKIT_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "pkcs11.h"

#define FRAME_LIMIT 4096 /* a frame with its length word; the answer to a hello names up to 128 partitions */

enum request_type { REQUEST_HELLO = 1, REQUEST_PING, REQUEST_OPEN_SESSION, REQUEST_CLOSE_SESSION, REQUEST_CALL };

struct request {
    struct request *next; /* on the same connection, while undecided */
    uint32_t sequence;
    bool decided; /* by its answer, or by the end of its connection */
    CK_RV status; /* the code that was answered; CKR_DEVICE_ERROR until then, and when the connection broke */
    char *answer; /* NULL, or room for FRAME_LIMIT bytes: receives what follows the code, as a string */
};

struct connection {
    int socket;              /* -1: none */
    struct request *pending; /* undecided requests; each belongs to the caller that waits for it */
    size_t in_size;
    size_t out_size;
    unsigned char in[FRAME_LIMIT];
    unsigned char out[FRAME_LIMIT];
};

/* Monotonic time in ns. */
int64_t now_ns(void);

/* Begins to connect. False where that fails at once; then there is no socket. */
bool connection_open(struct connection *connection, const struct sockaddr_storage *address, socklen_t address_size);

/* Decides all its requests; their status is CKR_DEVICE_ERROR. */
void connection_close(struct connection *connection);

/* Whether the peer has neither closed nor broken the connection, as far as this host knows. */
bool connection_is_alive(const struct connection *connection);

/* Adds a request and sends what the socket takes now. False when the connection is broken or can take no more: close it. */
bool request_send(struct request *request, struct connection *connection, enum request_type type, const char *content);

/* Removes an undecided request: its answer, if it still comes, is dropped. */
void request_forget(struct request *request, struct connection *connection);

/* Sends what waits and decides the requests whose answers have arrived. False when the connection is broken: close it. */
bool connection_serve(struct connection *connection);

#endif

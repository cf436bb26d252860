/*
 * Connections to appliances and the exchange of framed requests and answers on them.
 *
 * A frame is: length of what follows (4 bytes), type (1), sequence number (4), content. Numbers are big-endian. The
 * content of an answer begins with a return code (4). The protocol is the emulator's own; the vendor's is not public.
 */
#ifndef CONFKIT_WIRE_H
#define CONFKIT_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "cryptoki.h"

#define FRAME_LIMIT 4096 /* a frame with its length word; the answer to a hello names up to 128 partitions */

enum request_type { REQUEST_HELLO = 1, REQUEST_PING, REQUEST_OPEN_SESSION, REQUEST_CLOSE_SESSION };

struct connection {
    int socket; /* -1: none */
    size_t in_size;
    size_t out_size;
    unsigned char in[FRAME_LIMIT];
    unsigned char out[FRAME_LIMIT];
};

struct request {
    struct connection *connection;
    uint32_t sequence;
    bool decided;
    CK_RV status; /* the code that was answered; CKR_DEVICE_ERROR until then, and when the connection broke */
    char *answer; /* NULL, or room for FRAME_LIMIT bytes: receives what follows the code, as a string */
};

/* Monotonic time in ns. */
int64_t now_ns(void);

/* Begins to connect, without waiting; where that fails at once, there is no socket. */
void connection_open(struct connection *connection, const struct sockaddr_storage *address, socklen_t address_size);

void connection_close(struct connection *connection);

/* Whether the peer has neither closed nor broken the connection, as far as this host knows. Does not wait. */
bool connection_in_order(const struct connection *connection);

/* Hands a request to the connection, without waiting. A connection that can take no more is closed. */
void request_send(struct request *request, struct connection *connection, enum request_type type, const char *content);

/* Waits until every request is decided, by its answer or by the end of its connection, or until `deadline` (monotonic,
 * ns) is over; what is undecided then stays so. False when `wake` became readable meanwhile. */
bool exchange(struct request *requests, size_t count, int64_t deadline, int wake);

/* Sleeps until `deadline`. False when `wake` became readable meanwhile. */
bool sleep_until(int64_t deadline, int wake);

#endif

#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LENGTH_SIZE 4
#define HEADER_SIZE 9 /* length, type, sequence number */
#define CODE_SIZE 4
#define ANSWER_BIT 0x80

int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void put_number(unsigned char *target, uint32_t number)
{
    target[0] = (unsigned char)(number >> 24);
    target[1] = (unsigned char)(number >> 16);
    target[2] = (unsigned char)(number >> 8);
    target[3] = (unsigned char)number;
}

static uint32_t get_number(const unsigned char *source)
{
    return (uint32_t)source[0] << 24 | (uint32_t)source[1] << 16 | (uint32_t)source[2] << 8 | source[3];
}

bool connection_open(struct connection *connection, const struct sockaddr_storage *address, socklen_t address_size)
{
    connection->pending = NULL;
    connection->in_size = 0;
    connection->out_size = 0;
    connection->socket = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->socket < 0) {
        return false;
    }
    int on = 1;
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(connection->socket, (const struct sockaddr *)address, address_size) < 0 && errno != EINPROGRESS) {
        connection_close(connection);
        return false;
    }
    return true;
}

void connection_close(struct connection *connection)
{
    if (connection->socket >= 0) {
        close(connection->socket);
    }
    connection->socket = -1;
    for (struct request *request = connection->pending; request; request = request->next) {
        request->decided = true;
    }
    connection->pending = NULL;
}

bool connection_is_alive(const struct connection *connection)
{
    char byte;
    ssize_t size = recv(connection->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Sends what the socket takes now; the rest waits. False when the connection is broken. */
static bool flush(struct connection *connection)
{
    size_t sent = 0;
    while (sent < connection->out_size) {
        ssize_t size = send(connection->socket, connection->out + sent, connection->out_size - sent, MSG_NOSIGNAL);
        if (size >= 0) {
            sent += (size_t)size;
        } else if (errno == EAGAIN) {
            break;
        } else if (errno != EINTR) {
            return false;
        }
    }
    connection->out_size -= sent;
    memmove(connection->out, connection->out + sent, connection->out_size);
    return true;
}

bool request_send(struct request *request, struct connection *connection, enum request_type type, const char *content)
{
    static atomic_uint_least32_t last_sequence;
    size_t size = HEADER_SIZE + strlen(content);
    request->sequence = (uint32_t)(atomic_fetch_add(&last_sequence, 1) + 1);
    request->decided = false;
    request->status = CKR_DEVICE_ERROR;
    request->next = connection->pending;
    connection->pending = request;
    if (size > FRAME_LIMIT - connection->out_size) {
        return false; /* the peer has not read for so long that nothing more can be kept for it */
    }
    unsigned char *frame = connection->out + connection->out_size;
    put_number(frame, (uint32_t)(size - LENGTH_SIZE));
    frame[LENGTH_SIZE] = (unsigned char)type;
    put_number(frame + LENGTH_SIZE + 1, request->sequence);
    memcpy(frame + HEADER_SIZE, content, size - HEADER_SIZE);
    connection->out_size += size;
    return flush(connection);
}

void request_forget(struct request *request, struct connection *connection)
{
    for (struct request **place = &connection->pending; *place; place = &(*place)->next) {
        if (*place == request) {
            *place = request->next;
            return;
        }
    }
}

/* An answer without a request is a late one, to a request whose caller has given up: dropped. */
static void deliver(struct connection *connection, size_t frame_size)
{
    uint32_t sequence = get_number(connection->in + LENGTH_SIZE + 1);
    struct request *request = connection->pending;
    while (request && request->sequence != sequence) {
        request = request->next;
    }
    if (!request) {
        return;
    }
    const unsigned char *content = connection->in + HEADER_SIZE;
    size_t size = frame_size - HEADER_SIZE;
    request_forget(request, connection);
    request->decided = true;
    request->status = get_number(content);
    if (request->answer) {
        memcpy(request->answer, content + CODE_SIZE, size - CODE_SIZE);
        request->answer[size - CODE_SIZE] = '\0';
    }
}

/* Whether a frame of this length fits the buffer, and is long enough to be an answer. */
static bool is_answer(size_t length, unsigned char type)
{
    size_t frame_size = LENGTH_SIZE + length;
    return frame_size >= HEADER_SIZE + CODE_SIZE && frame_size <= FRAME_LIMIT && (type & ANSWER_BIT);
}

/* Takes the whole frames out of the input; a partial one waits. False when the peer does not speak this protocol. */
static bool take_frames(struct connection *connection)
{
    while (connection->in_size >= HEADER_SIZE) {
        size_t length = get_number(connection->in);
        if (!is_answer(length, connection->in[LENGTH_SIZE])) {
            return false;
        }
        size_t frame_size = LENGTH_SIZE + length;
        if (connection->in_size < frame_size) {
            return true;
        }
        deliver(connection, frame_size);
        connection->in_size -= frame_size;
        memmove(connection->in, connection->in + frame_size, connection->in_size);
    }
    return true;
}

/* Reads all that has arrived. False when the connection is broken. */
static bool receive(struct connection *connection)
{
    for (;;) {
        unsigned char *end = connection->in + connection->in_size;
        ssize_t size = recv(connection->socket, end, FRAME_LIMIT - connection->in_size, 0);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0 && errno == EAGAIN) {
            return true;
        }
        if (size <= 0) {
            return false;
        }
        connection->in_size += (size_t)size;
        if (!take_frames(connection)) {
            return false;
        }
    }
}

bool connection_serve(struct connection *connection)
{
    return flush(connection) && receive(connection);
}

/* A connection whose peer reads nothing: requests are kept for it up to a limit; then request_send refuses. */
#define _GNU_SOURCE
#include <assert.h>
#include <sys/socket.h>

#include "wire.h"

#define REQUESTS 100000

int main(void)
{
    static struct connection connection;
    static struct request requests[REQUESTS];
    int ends[2];
    assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    connection.socket = ends[0];
    size_t kept = 0;
    while (request_send(&requests[kept], &connection, REQUEST_PING, "1234567890123456")) {
        kept++;
        assert(kept < REQUESTS);
    }
    /* What the socket did not take was kept: a buffer of frames of 9 bytes in front of 16. */
    assert(kept >= FRAME_LIMIT / 25);
    assert(connection.out_size > FRAME_LIMIT - 25);
    for (size_t i = 0; i <= kept; i++) {
        assert(!requests[i].decided);
    }
    connection_close(&connection);
    for (size_t i = 0; i <= kept; i++) {
        assert(requests[i].decided && requests[i].status == CKR_DEVICE_ERROR);
    }
    return 0;
}

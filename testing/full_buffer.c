/* A connection whose peer takes nothing: requests are kept for it, up to a limit, and then it is given up. */
#include <assert.h>
#include <sys/socket.h>

#include "wire.h"

#define REQUESTS 32

int main(void)
{
    static struct connection connection;
    struct request requests[REQUESTS] = {{0}};
    int ends[2];
    assert(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    connection.socket = ends[0];
    size_t kept = 0;
    while (connection.socket >= 0) {
        request_send(&requests[kept % REQUESTS], &connection, REQUEST_PING, "1234567890123456");
        kept++;
    }
    assert(kept == FRAME_LIMIT / 25 + 1); /* a frame of 9 bytes in front of 16 */
    /* Nobody waits for the answers: the minute is not waited for, and a failure is what it comes to. */
    int64_t begin = now_ns();
    assert(exchange(requests, REQUESTS, begin + 60000000000, ends[1]));
    assert(now_ns() < begin + 60000000000);
    for (size_t i = 0; i < REQUESTS; i++) {
        assert(requests[i].decided && requests[i].status == CKR_DEVICE_ERROR);
    }
    return 0;
}

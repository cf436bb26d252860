/* Connections to the servers, and the recovery thread that restores lost ones. */
#define _GNU_SOURCE
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "client.h"

/* One attempt to reach every lost server, all at once. Used by C_Initialize, and then by the recovery thread alone. */
static struct {
    size_t count;
    struct server *servers[SERVER_LIMIT];
    struct connection connections[SERVER_LIMIT];
    struct request hellos[SERVER_LIMIT];
    char answers[SERVER_LIMIT][FRAME_LIMIT];
} attempt;

static pthread_t recovery_thread;

static void resolve(struct server *server, const struct server_entry *entry)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    server->address_size = 0;
    if (getaddrinfo(entry->name, entry->port, &hints, &found) != 0) {
        complain("cannot resolve the server name ", entry->name);
        return;
    }
    memcpy(&server->address, found->ai_addr, found->ai_addrlen);
    server->address_size = found->ai_addrlen;
    freeaddrinfo(found);
}

static void attempt_collect(void)
{
    const struct configuration *configuration = &client.configuration;
    long limit = configuration->reconnect_attempts;
    attempt.count = 0;
    for (size_t i = 0; i < configuration->server_count; i++) {
        struct server *server = &client.servers[i];
        bool wanted = limit < 0 || server->failed_attempts < limit;
        if (server->connection.socket < 0 && server->address_size > 0 && wanted) {
            attempt.servers[attempt.count++] = server;
        }
    }
}

/* Needs no lock: it works on connections of its own. */
static bool attempt_connect(int64_t limit)
{
    for (size_t i = 0; i < attempt.count; i++) {
        const struct server *server = attempt.servers[i];
        struct request *hello = &attempt.hellos[i];
        hello->answer = attempt.answers[i];
        connection_open(&attempt.connections[i], &server->address, server->address_size);
        request_send(hello, &attempt.connections[i], REQUEST_HELLO, "");
    }
    return exchange(attempt.hellos, attempt.count, now_ns() + limit, client.wake);
}

static void read_partitions(struct server *server, char *list)
{
    char *position;
    server->partition_count = 0;
    for (char *serial = strtok_r(list, ",", &position); serial; serial = strtok_r(NULL, ",", &position)) {
        if (server->partition_count < PARTITION_LIMIT) {
            snprintf(server->partitions[server->partition_count++], SERIAL_SIZE, "%.16s", serial);
        }
    }
}

static void attempt_install(void)
{
    for (size_t i = 0; i < attempt.count; i++) {
        struct server *server = attempt.servers[i];
        if (attempt.hellos[i].status == CKR_OK) {
            server->connection = attempt.connections[i];
            server->failed_attempts = 0;
            read_partitions(server, attempt.answers[i]);
        } else {
            connection_close(&attempt.connections[i]);
            server->failed_attempts++;
        }
    }
}

static void attempt_abandon(void)
{
    for (size_t i = 0; i < attempt.count; i++) {
        connection_close(&attempt.connections[i]);
    }
}

void members_connect(void)
{
    const struct configuration *configuration = &client.configuration;
    for (size_t i = 0; i < configuration->server_count; i++) {
        struct server *server = &client.servers[i];
        memset(server, 0, sizeof *server);
        server->connection.socket = -1;
        server->failed_attempts = -1; /* the first attempt is no reconnection */
        resolve(server, &configuration->servers[i]);
    }
    attempt_collect();
    attempt_connect(configuration->receive_timeout);
    attempt_install();
}

static void *recover(void *unused)
{
    (void)unused;
    /* Constant while the thread runs: C_Finalize joins it before anything is loaded anew. */
    const struct configuration *configuration = &client.configuration;
    while (sleep_until(now_ns() + configuration->reconnect_interval, client.wake)) {
        client_lock();
        attempt_collect();
        client_leave();
        if (!attempt_connect(configuration->receive_timeout)) {
            attempt_abandon();
            break;
        }
        client_lock();
        attempt_install();
        client_leave();
    }
    return NULL;
}

bool members_start_recovery(void)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the application's own threads */
    bool started = pthread_create(&recovery_thread, NULL, recover, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

void members_stop_recovery(void)
{
    pthread_join(recovery_thread, NULL);
}

void members_disconnect(void)
{
    for (size_t i = 0; i < client.configuration.server_count; i++) {
        connection_close(&client.servers[i].connection);
    }
}

static bool holds(const struct server *server, const char *serial)
{
    for (size_t i = 0; i < server->partition_count; i++) {
        if (strcmp(server->partitions[i], serial) == 0) {
            return true;
        }
    }
    return false;
}

struct server *member_server(const char *serial, size_t position)
{
    for (size_t i = 0; i < client.configuration.server_count; i++) {
        if (holds(&client.servers[i], serial)) {
            return &client.servers[i];
        }
    }
    return position < client.configuration.server_count ? &client.servers[position] : NULL;
}

CK_RV server_check(struct server *server)
{
    if (!server || server->connection.socket < 0) {
        return CKR_DEVICE_ERROR;
    }
    if (!connection_in_order(&server->connection)) {
        connection_close(&server->connection);
        return CKR_DEVICE_ERROR;
    }
    return CKR_OK;
}

CK_RV server_request(struct server *server, enum request_type type, const char *content, char *answer)
{
    struct request request = {.answer = answer};
    request_send(&request, &server->connection, type, content);
    if (!exchange(&request, 1, now_ns() + client.configuration.receive_timeout, client.wake)) {
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    }
    if (!request.decided) {
        connection_close(&server->connection);
    }
    return request.status;
}

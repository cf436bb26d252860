#define _GNU_SOURCE
#include "recovery.h"

#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* One attempt to reach every lost server, all at once. */
static struct {
    bool running;
    size_t count;
    struct server *servers[SERVER_LIMIT];
    struct request hellos[SERVER_LIMIT];
    char answers[SERVER_LIMIT][FRAME_LIMIT];
} attempt;

static bool has_thread;
static pthread_t thread;
static int64_t next_attempt; /* where there is no thread */

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

static void collect(void)
{
    long limit = client.configuration.reconnect_attempts;
    attempt.count = 0;
    for (size_t i = 0; i < client.configuration.server_count; i++) {
        struct server *server = &client.servers[i];
        bool wanted = limit < 0 || server->failed_attempts < limit;
        if (server->connection.socket < 0 && server->address_size > 0 && wanted) {
            attempt.servers[attempt.count++] = server;
        }
    }
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

static void conclude(struct server *server, struct request *hello, char *answer)
{
    if (hello->decided && hello->status == CKR_OK && server->connection.socket >= 0) {
        server->connected = true;
        server->epoch++;
        server->failed_attempts = 0;
        read_partitions(server, answer);
    } else {
        request_forget(hello, &server->connection);
        connection_close(&server->connection);
        server->failed_attempts++;
    }
}

/* The hellos are out at the same time, under one deadline. */
static void try_lost_servers(void)
{
    if (attempt.running) {
        return;
    }
    attempt.running = true;
    collect();
    for (size_t i = 0; i < attempt.count; i++) {
        attempt.hellos[i] = (struct request){.answer = attempt.answers[i], .decided = true};
        server_open(attempt.servers[i]);
        if (attempt.servers[i]->connection.socket >= 0) {
            server_send(attempt.servers[i], &attempt.hellos[i], REQUEST_HELLO, "");
        }
    }
    int64_t deadline = now_ns() + client.configuration.receive_timeout;
    for (size_t i = 0; i < attempt.count; i++) {
        client_wait(&attempt.hellos[i], deadline);
    }
    for (size_t i = 0; i < attempt.count; i++) {
        conclude(attempt.servers[i], &attempt.hellos[i], attempt.answers[i]);
    }
    attempt.running = false;
}

void recovery_connect_all(void)
{
    const struct configuration *configuration = &client.configuration;
    for (size_t i = 0; i < configuration->server_count; i++) {
        struct server *server = &client.servers[i];
        memset(server, 0, sizeof *server);
        server->connection.socket = -1;
        server->failed_attempts = -1; /* the first attempt is not a reconnection */
        resolve(server, &configuration->servers[i]);
    }
    try_lost_servers();
}

static void *recover(void *unused)
{
    (void)unused;
    client_lock();
    while (client_sleep(now_ns() + client.configuration.reconnect_interval)) {
        try_lost_servers();
    }
    client_unlock();
    return NULL;
}

bool recovery_start(bool with_thread)
{
    has_thread = false;
    next_attempt = now_ns() + client.configuration.reconnect_interval;
    if (with_thread && client.configuration.reconnect_attempts != 0) {
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the application's own threads */
        has_thread = pthread_create(&thread, NULL, recover, NULL) == 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        return has_thread;
    }
    return true;
}

void recovery_stop(void)
{
    if (has_thread) {
        pthread_join(thread, NULL);
        has_thread = false;
    }
}

void recovery_forget(void)
{
    has_thread = false;
    attempt.running = false;
}

CK_RV call_enter(void)
{
    CK_RV rv = client_enter();
    if (rv == CKR_OK && !has_thread && client.configuration.reconnect_attempts != 0 && now_ns() >= next_attempt) {
        next_attempt = now_ns() + client.configuration.reconnect_interval;
        try_lost_servers();
    }
    return rv;
}

#define _GNU_SOURCE
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct client client;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed; /* on the monotonic clock */
static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static bool polling; /* by one of the waiting threads, for all */
static int pipe_ends[2] = {-1, -1};

static void prepare(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

void client_lock(void)
{
    pthread_once(&prepared, prepare);
    pthread_mutex_lock(&lock);
}

void client_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

CK_RV client_enter(void)
{
    client_lock();
    if (client.state == CLIENT_RUNNING) {
        client.calls++;
        return CKR_OK;
    }
    client_unlock();
    return CKR_CRYPTOKI_NOT_INITIALIZED;
}

void client_leave(void)
{
    client.calls--;
    if (client.state == CLIENT_STOPPING) {
        client_wake_all();
    }
    client_unlock();
}

bool client_open_pipe(void)
{
    return pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) == 0;
}

static void close_pipe(void)
{
    for (int i = 0; i < 2; i++) {
        if (pipe_ends[i] >= 0) {
            close(pipe_ends[i]);
        }
        pipe_ends[i] = -1;
    }
}

void client_disconnect(void)
{
    for (size_t i = 0; i < client.configuration.server_count; i++) {
        connection_close(&client.servers[i].connection);
    }
    close_pipe();
}

/* A full pipe wakes as well. */
static void wake_polling_thread(void)
{
    ssize_t ignored = polling ? write(pipe_ends[1], "", 1) : 0;
    (void)ignored;
}

void client_wake_all(void)
{
    wake_polling_thread();
    pthread_cond_broadcast(&changed);
}

void client_wait_for_change(void)
{
    pthread_cond_wait(&changed, &lock);
}

static void wait_for_change_until(int64_t deadline)
{
    struct timespec time = {.tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000};
    pthread_cond_timedwait(&changed, &lock, &time);
}

/* Rounded up, so that no thread wakes before the deadline and spins. */
static int milliseconds_until(int64_t deadline)
{
    int64_t left = (deadline - now_ns() + 999999) / 1000000;
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static void empty_pipe(void)
{
    char bytes[64];
    while (read(pipe_ends[0], bytes, sizeof bytes) > 0) {
    }
}

/* Polls all sockets once, for every waiting thread; the lock is let go meanwhile. */
static void poll_servers(int64_t deadline)
{
    struct pollfd polled[SERVER_LIMIT + 1];
    struct server *servers[SERVER_LIMIT];
    size_t count = 0;
    for (size_t i = 0; i < client.configuration.server_count; i++) {
        const struct connection *connection = &client.servers[i].connection;
        if (connection->socket >= 0) {
            short events = connection->out_size ? POLLIN | POLLOUT : POLLIN;
            polled[count] = (struct pollfd){.fd = connection->socket, .events = events};
            servers[count++] = &client.servers[i];
        }
    }
    polled[count] = (struct pollfd){.fd = pipe_ends[0], .events = POLLIN};
    polling = true;
    client_unlock();
    int ready = poll(polled, count + 1, milliseconds_until(deadline));
    client_lock();
    polling = false;
    for (size_t i = 0; ready > 0 && i < count; i++) {
        /* Another thread may have closed this socket meanwhile; to serve a new one under its number does no harm. */
        struct connection *connection = &servers[i]->connection;
        if (polled[i].revents && connection->socket == polled[i].fd && !connection_serve(connection)) {
            server_close(servers[i]);
        }
    }
    empty_pipe();
    pthread_cond_broadcast(&changed); /* somebody else has to poll now */
}

bool client_wait(const struct request *request, int64_t deadline)
{
    while (client.state != CLIENT_STOPPING && !request->decided && now_ns() < deadline) {
        if (polling) {
            wait_for_change_until(deadline);
        } else {
            poll_servers(deadline);
        }
    }
    return client.state != CLIENT_STOPPING;
}

bool client_sleep(int64_t deadline)
{
    while (client.state != CLIENT_STOPPING && now_ns() < deadline) {
        wait_for_change_until(deadline);
    }
    return client.state != CLIENT_STOPPING;
}

void client_forget_after_fork(void)
{
    pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
    memcpy(&lock, &unlocked, sizeof lock);
    prepare();
    if (client.state != CLIENT_OFF) {
        for (size_t i = 0; i < client.configuration.server_count; i++) {
            client.servers[i].connection.pending = NULL; /* of threads that do not exist here */
        }
        client_disconnect();
    }
    polling = false;
    client.calls = 0;
    client.state = CLIENT_OFF;
}

void server_open(struct server *server)
{
    if (connection_open(&server->connection, &server->address, server->address_size)) {
        wake_polling_thread(); /* it has one more socket to look at */
    }
}

static bool is_connected(const struct group *group)
{
    for (size_t i = 0; i < group->member_count; i++) {
        const struct server *server = member_server(group->members[i], i);
        if (server && server->connected) {
            return true;
        }
    }
    return false;
}

void server_close(struct server *server)
{
    const struct configuration *configuration = &client.configuration;
    bool before[GROUP_LIMIT];
    for (size_t i = 0; i < configuration->group_count; i++) {
        before[i] = is_connected(&configuration->groups[i]);
    }
    connection_close(&server->connection);
    server->connected = false;
    for (size_t i = 0; i < configuration->group_count; i++) {
        client.group_losses[i] += before[i] && !is_connected(&configuration->groups[i]);
    }
    client_wake_all();
}

void server_send(struct server *server, struct request *request, enum request_type type, const char *content)
{
    if (!request_send(request, &server->connection, type, content)) {
        server_close(server);
    } else if (server->connection.out_size) {
        wake_polling_thread(); /* it has to wait for room in the socket */
    }
}

CK_RV server_check(struct server *server)
{
    if (!server || !server->connected) {
        return CKR_DEVICE_ERROR;
    }
    if (!connection_is_alive(&server->connection)) {
        server_close(server);
        return CKR_DEVICE_ERROR;
    }
    return CKR_OK;
}

CK_RV server_request(struct server *server, enum request_type type, const char *content, char *answer)
{
    struct request request = {.answer = answer};
    server_send(server, &request, type, content);
    bool running = client_wait(&request, now_ns() + client.configuration.receive_timeout);
    if (!request.decided) { /* so its connection is still the one that it was sent on */
        request_forget(&request, &server->connection);
        if (running) {
            server_close(server);
        }
    }
    return running ? request.status : CKR_CRYPTOKI_NOT_INITIALIZED;
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

unsigned long group_losses(const struct group *group)
{
    return client.group_losses[group - client.configuration.groups];
}

/* Sessions of the application. One on an HA slot is a session on the first member that grants it. */
#include <stdio.h>
#include <string.h>

#include "client.h"

#define SESSION_LIMIT 1024

struct session {
    struct server *server; /* NULL: free */
    char remote[16];       /* the appliance's own number of it */
};

static struct session sessions[SESSION_LIMIT];

void sessions_forget(void)
{
    memset(sessions, 0, sizeof sessions);
}

static CK_RV open_on(const char *serial, struct server *server, struct session *session)
{
    char answer[FRAME_LIMIT];
    CK_RV rv = server_check(server);
    if (rv == CKR_OK) {
        rv = server_request(server, REQUEST_OPEN_SESSION, serial, answer);
    }
    if (rv == CKR_OK) {
        *session = (struct session){.server = server};
        snprintf(session->remote, sizeof session->remote, "%.15s", answer);
    }
    return rv;
}

static CK_RV open_on_group(const struct group *group, struct session *session)
{
    CK_RV rv = CKR_DEVICE_ERROR;
    for (size_t i = 0; i < group->member_count && rv != CKR_OK && rv != CKR_CRYPTOKI_NOT_INITIALIZED; i++) {
        rv = open_on(group->members[i], member_server(group->members[i], i), session);
    }
    return rv;
}

static CK_RV open_session(CK_SLOT_ID slot_id, CK_SESSION_HANDLE *handle)
{
    struct slot slot;
    CK_ULONG index = 0;
    while (index < SESSION_LIMIT && sessions[index].server) {
        index++;
    }
    if (!slot_find(slot_id, &slot)) {
        return CKR_SLOT_ID_INVALID;
    }
    if (index == SESSION_LIMIT) {
        return CKR_SESSION_COUNT;
    }
    struct session *session = &sessions[index];
    *handle = index + 1;
    return slot.group ? open_on_group(slot.group, session) : open_on(slot.serial, slot.server, session);
}

CK_RV C_OpenSession(CK_SLOT_ID slot_id, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *handle)
{
    (void)application;
    (void)notify;
    if (!handle) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = client_enter();
    if (rv == CKR_OK) {
        rv = flags & CKF_SERIAL_SESSION ? open_session(slot_id, handle) : CKR_SESSION_PARALLEL_NOT_SUPPORTED;
        client_leave();
    }
    return rv;
}

static CK_RV close_session(CK_SESSION_HANDLE handle)
{
    if (handle < 1 || handle > SESSION_LIMIT || !sessions[handle - 1].server) {
        return CKR_SESSION_HANDLE_INVALID;
    }
    struct session session = sessions[handle - 1];
    memset(&sessions[handle - 1], 0, sizeof session);
    if (session.server->connection.socket < 0) {
        return CKR_OK; /* it ended with its connection */
    }
    return server_request(session.server, REQUEST_CLOSE_SESSION, session.remote, NULL);
}

CK_RV C_CloseSession(CK_SESSION_HANDLE handle)
{
    CK_RV rv = client_enter();
    if (rv == CKR_OK) {
        rv = close_session(handle);
        client_leave();
    }
    return rv;
}

#include "sessions.h"

#include <stdio.h>
#include <string.h>

#include "recovery.h"
#include "softhsm.h"

#define NO_USER CK_UNAVAILABLE_INFORMATION

static struct session sessions[SESSION_LIMIT];
static unsigned long last_number;
/* Who is logged in to the token of each group, where there is no SoftHSM2 to know it. A partition shares it. */
static CK_USER_TYPE users[GROUP_LIMIT];
static CK_USER_TYPE user_without_group;

void sessions_forget(void)
{
    memset(sessions, 0, sizeof sessions);
    for (size_t i = 0; i < GROUP_LIMIT; i++) {
        users[i] = NO_USER;
    }
    user_without_group = NO_USER;
}

struct session *session_find(CK_SESSION_HANDLE handle)
{
    return handle >= 1 && handle <= SESSION_LIMIT && sessions[handle - 1].used ? &sessions[handle - 1] : NULL;
}

static CK_USER_TYPE *user_of(const struct slot *slot)
{
    return slot->group ? &users[slot->group - client.configuration.groups] : &user_without_group;
}

/* What a member answers when another one has to be tried; any other code is an answer to the call itself. */
static bool is_member_failure(CK_RV rv)
{
    return rv == CKR_DEVICE_ERROR || rv == CKR_DEVICE_REMOVED || rv == CKR_TOKEN_NOT_PRESENT ||
           rv == CKR_TOKEN_NOT_RECOGNIZED || rv >= CKR_VENDOR_DEFINED;
}

static bool is_on(const struct session *session, const struct server *server)
{
    return session->server == server && session->epoch == server->epoch;
}

static bool is_same(const struct session *session, unsigned long number)
{
    return session->used && session->number == number;
}

/* Opens the session on a member, or moves it there. */
static CK_RV open_on(struct session *session, struct server *server, const char *serial)
{
    char answer[FRAME_LIMIT];
    unsigned long number = session->number;
    CK_RV rv = server_check(server);
    if (rv == CKR_OK) {
        rv = server_request(server, REQUEST_OPEN_SESSION, serial, answer);
    }
    if (rv == CKR_OK && !is_same(session, number)) {
        rv = CKR_SESSION_HANDLE_INVALID;
    }
    if (rv == CKR_OK) {
        session->server = server;
        session->epoch = server->epoch;
        snprintf(session->remote, sizeof session->remote, "%.15s", answer);
    }
    return rv;
}

static CK_RV reach_member(struct session *session, size_t index, bool round_trip)
{
    const char *serial = session->slot.group->members[index];
    struct server *server = member_server(serial, index);
    CK_RV rv = server_check(server);
    if (rv == CKR_OK && !is_on(session, server)) {
        rv = open_on(session, server, serial);
    }
    if (rv == CKR_OK && round_trip) {
        rv = server_request(server, REQUEST_CALL, serial, NULL);
    }
    return rv;
}

static size_t index_of_present_member(const struct session *session)
{
    const struct group *group = session->slot.group;
    for (size_t i = 0; i < group->member_count; i++) {
        if (session->server && member_server(group->members[i], i) == session->server) {
            return i;
        }
    }
    return 0;
}

/* The member where the session is comes first, then those behind it in the file, around to those before it. */
static CK_RV reach_group(struct session *session, bool round_trip)
{
    size_t count = session->slot.group->member_count;
    size_t first = index_of_present_member(session);
    unsigned long number = session->number;
    CK_RV rv = CKR_DEVICE_ERROR;
    for (size_t i = 0; i < count; i++) {
        CK_RV answer = reach_member(session, (first + i) % count, round_trip);
        if (!is_same(session, number)) {
            return CKR_SESSION_HANDLE_INVALID; /* another thread has closed it */
        }
        if (!is_member_failure(answer)) {
            return answer;
        }
        rv = answer == CKR_DEVICE_ERROR ? rv : answer; /* what a living member says tells more */
    }
    return rv;
}

static bool is_gone(const struct session *session)
{
    return !client.configuration.restores_sessions && session->losses != group_losses(session->slot.group);
}

static CK_RV reach_partition(struct session *session, bool round_trip)
{
    CK_RV rv = server_check(session->server);
    if (rv == CKR_OK && session->epoch != session->server->epoch) {
        return CKR_SESSION_HANDLE_INVALID;
    }
    return rv == CKR_OK && round_trip ? server_request(session->server, REQUEST_CALL, session->slot.serial, NULL) : rv;
}

static CK_RV reach(struct session *session, bool round_trip)
{
    if (session->slot.kind == SLOT_PARTITION) {
        return reach_partition(session, round_trip);
    }
    const struct group *group = session->slot.group;
    for (size_t i = 0; i < group->member_count && is_gone(session); i++) {
        if (server_check(member_server(group->members[i], i)) == CKR_OK) {
            return CKR_SESSION_HANDLE_INVALID;
        }
    }
    if (is_gone(session)) {
        return CKR_DEVICE_ERROR;
    }
    const struct server *before = session->server;
    unsigned long epoch = session->epoch;
    CK_RV rv = reach_group(session, round_trip);
    if (is_member_failure(rv)) {
        return CKR_DEVICE_ERROR; /* whatever the last member said: none is left */
    }
    if (rv == CKR_OK) {
        session->losses = group_losses(group);
        if (session->has_parts && (session->server != before || session->epoch != epoch)) {
            session->has_parts = false;
            return CKR_DEVICE_ERROR; /* an operation of several parts has to be begun anew on another member */
        }
    }
    return rv;
}

CK_RV session_reach(struct session *session, bool round_trip)
{
    unsigned long number = session->number;
    CK_RV rv = reach(session, round_trip);
    return is_same(session, number) ? rv : CKR_SESSION_HANDLE_INVALID; /* another thread has closed it meanwhile */
}

/* The SoftHSM2 part of a session ends when no other thread is in a call with it. */
static void close_soft(struct session *session)
{
    unsigned long number = session->number;
    while (is_same(session, number) && session->busy > 0) {
        client_wait_for_change();
    }
    if (is_same(session, number) && session->soft != NO_SESSION) {
        softhsm()->C_CloseSession(session->soft);
        session->soft = NO_SESSION;
    }
}

/* Sessions that their group has lost go, so that the login goes with them. */
static void close_soft_of_gone(const struct group *group)
{
    for (size_t i = 0; i < SESSION_LIMIT; i++) {
        bool belongs = sessions[i].used && sessions[i].slot.kind == SLOT_GROUP && sessions[i].slot.group == group;
        if (belongs && is_gone(&sessions[i]) && !sessions[i].loss_noted) {
            sessions[i].loss_noted = true;
            *user_of(&sessions[i].slot) = NO_USER;
            close_soft(&sessions[i]);
        }
    }
}

static CK_RV open_soft(struct session *session)
{
    CK_SLOT_ID soft;
    session->soft = NO_SESSION;
    if (!softhsm_slot(session->slot.group, &soft)) {
        return CKR_OK;
    }
    return softhsm()->C_OpenSession(soft, session->flags, NULL, NULL, &session->soft);
}

static CK_RV open_session(struct session *session)
{
    if (session->slot.kind == SLOT_PARTITION) {
        return open_on(session, session->slot.server, session->slot.serial);
    }
    session->losses = group_losses(session->slot.group);
    close_soft_of_gone(session->slot.group);
    return reach_group(session, false);
}

static CK_USER_TYPE *last_user_of(const struct slot *slot)
{
    for (size_t i = 0; i < SESSION_LIMIT; i++) {
        if (sessions[i].used && sessions[i].slot.group == slot->group) {
            return NULL;
        }
    }
    return user_of(slot);
}

static CK_RV close_session(struct session *session)
{
    bool gone = session->slot.kind == SLOT_GROUP && is_gone(session);
    unsigned long number = session->number;
    close_soft(session);
    if (!is_same(session, number)) {
        return CKR_SESSION_HANDLE_INVALID; /* another thread was faster */
    }
    struct session closed = *session;
    session->used = false;
    CK_USER_TYPE *user = last_user_of(&closed.slot);
    if (user) {
        *user = NO_USER; /* the last session takes the login with it */
    }
    if (gone) {
        return server_check(closed.server) == CKR_OK ? CKR_SESSION_HANDLE_INVALID : CKR_OK;
    }
    if (!closed.server || !closed.server->connected) {
        return CKR_OK; /* it was never opened, or ended with its connection */
    }
    if (closed.epoch != closed.server->epoch) {
        return closed.slot.kind == SLOT_PARTITION ? CKR_SESSION_HANDLE_INVALID : CKR_OK;
    }
    CK_RV rv = server_request(closed.server, REQUEST_CLOSE_SESSION, closed.remote, NULL);
    return closed.slot.kind == SLOT_GROUP && is_member_failure(rv) ? CKR_OK : rv;
}

static CK_RV open_any(CK_SLOT_ID id, CK_FLAGS flags, CK_SESSION_HANDLE *handle)
{
    struct slot slot;
    CK_ULONG index = 0;
    CK_RV rv = slot_find_token(id, &slot);
    while (index < SESSION_LIMIT && sessions[index].used) {
        index++;
    }
    if (rv != CKR_OK || index == SESSION_LIMIT) {
        return rv != CKR_OK ? rv : CKR_SESSION_COUNT;
    }
    struct session *session = &sessions[index];
    unsigned long number = ++last_number;
    *session = (struct session){.used = true, .number = number, .slot = slot, .flags = flags, .soft = NO_SESSION};
    snprintf(session->serial, sizeof session->serial, "%s", slot.serial);
    session->slot.serial = session->serial;
    rv = open_session(session);
    if (!is_same(session, number)) {
        return CKR_SESSION_HANDLE_INVALID; /* C_CloseAllSessions in another thread */
    }
    if (rv == CKR_OK) {
        rv = open_soft(session);
        *handle = index + 1;
    }
    if (rv != CKR_OK) {
        close_session(session);
    }
    return rv;
}

CK_RV C_OpenSession(CK_SLOT_ID id, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *handle)
{
    (void)application;
    (void)notify;
    if (!handle) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        rv = flags & CKF_SERIAL_SESSION ? open_any(id, flags, handle) : CKR_SESSION_PARALLEL_NOT_SUPPORTED;
        client_leave();
    }
    return rv;
}

CK_RV C_CloseSession(CK_SESSION_HANDLE handle)
{
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        struct session *session = session_find(handle);
        rv = session ? close_session(session) : CKR_SESSION_HANDLE_INVALID;
        client_leave();
    }
    return rv;
}

CK_RV C_CloseAllSessions(CK_SLOT_ID id)
{
    struct slot slot;
    CK_RV rv = call_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    rv = slot_find_token(id, &slot);
    for (size_t i = 0; rv == CKR_OK && i < SESSION_LIMIT; i++) {
        if (sessions[i].used && strcmp(sessions[i].slot.serial, slot.serial) == 0) {
            close_session(&sessions[i]); /* whatever its member says: it is closed */
        }
    }
    client_leave();
    return rv;
}

static CK_STATE state_without_softhsm(const struct session *session)
{
    CK_USER_TYPE user = *user_of(&session->slot);
    bool writes = session->flags & CKF_RW_SESSION;
    if (user == NO_USER) {
        return writes ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION;
    }
    if (user == CKU_SO) {
        return CKS_RW_SO_FUNCTIONS;
    }
    return writes ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS;
}

static CK_RV describe_session(struct session *session, CK_SESSION_INFO *info)
{
    CK_RV rv = session_reach(session, false);
    if (rv != CKR_OK) {
        return rv;
    }
    *info = (CK_SESSION_INFO){.state = state_without_softhsm(session), .flags = session->flags};
    if (session->soft != NO_SESSION) {
        rv = softhsm()->C_GetSessionInfo(session->soft, info);
    }
    info->slotID = slot_of(&session->slot);
    return rv;
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE handle, CK_SESSION_INFO *info)
{
    if (!info) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        struct session *session = session_find(handle);
        rv = session ? describe_session(session, info) : CKR_SESSION_HANDLE_INVALID;
        client_leave();
    }
    return rv;
}

static bool has_read_only_session(const struct slot *slot)
{
    for (size_t i = 0; i < SESSION_LIMIT; i++) {
        if (sessions[i].used && sessions[i].slot.group == slot->group && !(sessions[i].flags & CKF_RW_SESSION)) {
            return true;
        }
    }
    return false;
}

/* Without SoftHSM2 any PIN is right. */
static CK_RV login_without_softhsm(const struct session *session, CK_USER_TYPE user)
{
    CK_USER_TYPE *logged_in = user_of(&session->slot);
    if (user != CKU_SO && user != CKU_USER) {
        return CKR_USER_TYPE_INVALID;
    }
    if (*logged_in != NO_USER) {
        return *logged_in == user ? CKR_USER_ALREADY_LOGGED_IN : CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
    }
    if (user == CKU_SO && has_read_only_session(&session->slot)) {
        return CKR_SESSION_READ_ONLY_EXISTS;
    }
    *logged_in = user;
    return CKR_OK;
}

CK_RV C_Login(CK_SESSION_HANDLE handle, CK_USER_TYPE user, CK_CHAR *pin, CK_ULONG pin_size)
{
    CK_RV rv = call_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    struct session *session = session_find(handle);
    rv = session ? session_reach(session, true) : CKR_SESSION_HANDLE_INVALID;
    if (rv == CKR_OK && session->soft != NO_SESSION) {
        rv = softhsm()->C_Login(session->soft, user, pin, pin_size);
    } else if (rv == CKR_OK) {
        rv = login_without_softhsm(session, user);
    }
    client_leave();
    return rv;
}

CK_RV C_Logout(CK_SESSION_HANDLE handle)
{
    CK_RV rv = call_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    struct session *session = session_find(handle);
    rv = session ? session_reach(session, true) : CKR_SESSION_HANDLE_INVALID;
    if (rv == CKR_OK && session->soft != NO_SESSION) {
        rv = softhsm()->C_Logout(session->soft);
    } else if (rv == CKR_OK) {
        CK_USER_TYPE *logged_in = user_of(&session->slot);
        rv = *logged_in == NO_USER ? CKR_USER_NOT_LOGGED_IN : CKR_OK;
        *logged_in = NO_USER;
    }
    client_leave();
    return rv;
}

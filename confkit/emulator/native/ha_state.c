/* The two status calls of an HA group. */
#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ha_state.h"
#include "luna_ha.h"
#include "recovery.h"
#include "slots.h"

/* The published figures for 8-byte CK_ULONG and natural alignment. */
static_assert(sizeof(CK_ULONG) != 8 || sizeof(CK_HA_STATUS_SERIAL20) == 1056, "layout serial20");
static_assert(sizeof(CK_ULONG) != 8 || sizeof(CK_HA_STATUS_SERIAL16) == 792, "layout serial16");
static_assert(sizeof(CK_ULONG) != 8 || sizeof(CK_HA_STATUS_ULONG) == 528, "layout ulong");

static atomic_uint running_calls;
static atomic_ulong concurrent_calls;

/* Asks the members of a group; statuses[i] is that of member i. False when C_Finalize came in between. */
typedef bool ask_members(const struct group *group, CK_RV *statuses);

void ha_state_forget(void)
{
    atomic_store(&running_calls, 0);
}

CK_ULONG CAEMU_ConcurrentCalls(void)
{
    return atomic_load(&concurrent_calls);
}

static void put_serial(CK_CHAR *target, size_t size, const char *serial)
{
    size_t used = strlen(serial);
    memset(target, 0, size);
    memcpy(target, serial, used < size ? used : size);
}

static void write_serial20(CK_HA_STATUS_SERIAL20 *state, const struct group *group, const CK_RV *statuses)
{
    put_serial(state->groupSerial, sizeof state->groupSerial, group->serial);
    for (size_t i = 0; i < group->member_count; i++) {
        put_serial(state->memberList[i].memberSerial, sizeof state->memberList[i].memberSerial, group->members[i]);
        state->memberList[i].memberStatus = statuses[i];
    }
    state->listSize = group->member_count;
}

static void write_serial16(CK_HA_STATUS_SERIAL16 *state, const struct group *group, const CK_RV *statuses)
{
    put_serial(state->groupSerial, sizeof state->groupSerial, group->serial);
    for (size_t i = 0; i < group->member_count; i++) {
        put_serial(state->memberList[i].memberSerial, sizeof state->memberList[i].memberSerial, group->members[i]);
        state->memberList[i].memberStatus = statuses[i];
    }
    state->listSize = group->member_count;
}

static void write_ulong(CK_HA_STATUS_ULONG *state, const struct group *group, const CK_RV *statuses)
{
    state->groupSerial = strtoul(group->serial, NULL, 10);
    for (size_t i = 0; i < group->member_count; i++) {
        state->memberList[i].memberSerial = strtoul(group->members[i], NULL, 10);
        state->memberList[i].memberStatus = statuses[i];
    }
    state->listSize = group->member_count;
}

static void write_state(void *state, const struct group *group, const CK_RV *statuses)
{
    switch (client.configuration.layout) {
    case LAYOUT_SERIAL20:
        write_serial20(state, group, statuses);
        break;
    case LAYOUT_SERIAL16:
        write_serial16(state, group, statuses);
        break;
    case LAYOUT_ULONG:
        write_ulong(state, group, statuses);
        break;
    }
}

static bool all_failed(const struct group *group, const CK_RV *statuses)
{
    for (size_t i = 0; i < group->member_count; i++) {
        if (statuses[i] == CKR_OK) {
            return false;
        }
    }
    return group->member_count > 0;
}

static CK_RV report_group(CK_SLOT_ID slot_id, void *state, ask_members *ask)
{
    struct slot slot;
    CK_RV statuses[CK_HA_MAX_MEMBERS];
    CK_RV rv = slot_find_token(slot_id, &slot);
    if (rv != CKR_OK) {
        return rv;
    }
    if (slot.kind != SLOT_GROUP) {
        return client.configuration.other_slot_return;
    }
    if (!ask(slot.group, statuses)) {
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    }
    write_state(state, slot.group, statuses);
    return all_failed(slot.group, statuses) ? client.configuration.all_down_return : CKR_OK;
}

/* The vendor guards its library against races and still asks applications to serialise these calls: here a second
 * caller is turned away and counted, so that an application's mistake shows. */
static CK_RV status_call(CK_SLOT_ID slot_id, void *state, ask_members *ask)
{
    if (atomic_fetch_add(&running_calls, 1) > 0) {
        atomic_fetch_sub(&running_calls, 1);
        atomic_fetch_add(&concurrent_calls, 1);
        complain("a status call was entered while another one was running", "; serialise them");
        return CKR_FUNCTION_FAILED;
    }
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        rv = state ? report_group(slot_id, state, ask) : CKR_ARGUMENTS_BAD;
        client_leave();
    }
    atomic_fetch_sub(&running_calls, 1);
    return rv;
}

/* The old way: one member after the other, a session opened and closed on each. */
static bool ask_one_by_one(const struct group *group, CK_RV *statuses)
{
    for (size_t i = 0; i < group->member_count; i++) {
        char session[FRAME_LIMIT];
        struct server *server = member_server(group->members[i], i);
        statuses[i] = server_check(server);
        if (statuses[i] == CKR_OK) {
            statuses[i] = server_request(server, REQUEST_OPEN_SESSION, group->members[i], session);
        }
        if (statuses[i] == CKR_OK) {
            statuses[i] = server_request(server, REQUEST_CLOSE_SESSION, session, NULL);
        }
        if (statuses[i] == CKR_CRYPTOKI_NOT_INITIALIZED) {
            return false;
        }
    }
    return true;
}

CK_RV CA_GetHAState(CK_SLOT_ID slot_id, void *state)
{
    return status_call(slot_id, state, ask_one_by_one);
}

#ifndef WITHOUT_CURRENT_HA_STATE

static bool some_failed(const struct group *group, const CK_RV *statuses)
{
    for (size_t i = 0; i < group->member_count; i++) {
        if (statuses[i] != CKR_OK) {
            return true;
        }
    }
    return false;
}

/* The new way: three checks of every member, a failed one ending that member's; the third, a ping over the existing
 * connection, runs for all members at once under one deadline. */
static bool ask_at_once(const struct group *group, CK_RV *statuses)
{
    const struct configuration *configuration = &client.configuration;
    int64_t deadline = now_ns() + configuration->status_timeout;
    struct request pings[CK_HA_MAX_MEMBERS];
    struct server *servers[CK_HA_MAX_MEMBERS];
    for (size_t i = 0; i < group->member_count; i++) {
        servers[i] = member_server(group->members[i], i);
        pings[i] = (struct request){.decided = true, .status = server_check(servers[i])};
        if (pings[i].status == CKR_OK) {
            server_send(servers[i], &pings[i], REQUEST_PING, group->members[i]);
        }
    }
    bool running = true;
    for (size_t i = 0; i < group->member_count; i++) {
        running = client_wait(&pings[i], deadline) && running;
        if (!pings[i].decided) {
            request_forget(&pings[i], &servers[i]->connection);
        }
        statuses[i] = pings[i].status;
    }
    bool wait = configuration->report == REPORT_ALWAYS_AT_TIMEOUT ||
                (configuration->report == REPORT_FAILURE_AT_TIMEOUT && some_failed(group, statuses));
    return running && (!wait || client_sleep(deadline));
}

CK_RV CA_GetCurrentHAState(CK_SLOT_ID slot_id, void *state)
{
    return status_call(slot_id, state, ask_at_once);
}

#endif

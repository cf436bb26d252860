/* What the client tells of itself, and its slots: with HAOnly the HA groups alone, from 0; without it the partitions of
 * every connected server come first, so that a server that fails or recovers renumbers the slots, as the vendor's
 * documentation warns. */
#include <stdio.h>
#include <string.h>

#include "client.h"

/* Slot and token texts as seen on client 10.7 (the HA slot through a public trace, the model through a third party). */
#define MANUFACTURER "Safenet, Inc."

static void pad(CK_CHAR *target, size_t size, const char *text)
{
    size_t used = strlen(text);
    memset(target, ' ', size);
    memcpy(target, text, used < size ? used : size);
}

CK_RV C_GetInfo(CK_INFO *info)
{
    if (!info) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = client_enter();
    if (rv == CKR_OK) {
        memset(info, 0, sizeof *info);
        info->cryptokiVersion = (CK_VERSION){2, 20};
        pad(info->manufacturerID, sizeof info->manufacturerID, MANUFACTURER);
        pad(info->libraryDescription, sizeof info->libraryDescription, "confkit emulated Luna client");
        info->libraryVersion = (CK_VERSION){10, 7};
        client_leave();
    }
    return rv;
}

static bool find_partition(CK_SLOT_ID *slot_id, struct slot *slot)
{
    for (size_t i = 0; i < client.configuration.server_count; i++) {
        struct server *server = &client.servers[i];
        if (server->connection.socket < 0) {
            continue;
        }
        if (*slot_id < server->partition_count) {
            *slot = (struct slot){.server = server, .serial = server->partitions[*slot_id]};
            return true;
        }
        *slot_id -= server->partition_count;
    }
    return false;
}

bool slot_find(CK_SLOT_ID slot_id, struct slot *slot)
{
    if (!client.configuration.ha_only && find_partition(&slot_id, slot)) {
        return true;
    }
    if (slot_id >= client.configuration.group_count) {
        return false;
    }
    const struct group *group = &client.configuration.groups[slot_id];
    *slot = (struct slot){.group = group, .serial = group->serial};
    return true;
}

static void notice_lost_servers(void)
{
    for (size_t i = 0; i < client.configuration.server_count; i++) {
        struct connection *connection = &client.servers[i].connection;
        if (connection->socket >= 0 && !connection_in_order(connection)) {
            connection_close(connection);
        }
    }
}

static CK_RV list_slots(CK_SLOT_ID *list, CK_ULONG *count)
{
    CK_ULONG room = *count;
    struct slot slot;
    notice_lost_servers();
    for (*count = 0; slot_find(*count, &slot); ++*count) {
        if (list && *count < room) {
            list[*count] = *count;
        }
    }
    return list && *count > room ? CKR_BUFFER_TOO_SMALL : CKR_OK;
}

CK_RV C_GetSlotList(CK_BBOOL token_present, CK_SLOT_ID *list, CK_ULONG *count)
{
    (void)token_present; /* every slot here has its token */
    if (!count) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = client_enter();
    if (rv == CKR_OK) {
        rv = list_slots(list, count);
        client_leave();
    }
    return rv;
}

static void describe_slot(const struct slot *slot, CK_SLOT_INFO *info)
{
    memset(info, 0, sizeof *info);
    pad(info->slotDescription, sizeof info->slotDescription, slot->group ? "HA Virtual Card Slot" : "Net Token Slot");
    pad(info->manufacturerID, sizeof info->manufacturerID, MANUFACTURER);
    info->flags = CKF_TOKEN_PRESENT | CKF_HW_SLOT | (slot->group ? 0 : CKF_REMOVABLE_DEVICE);
    info->firmwareVersion = slot->group ? (CK_VERSION){7, 8} : (CK_VERSION){0, 0};
}

static void describe_token(const struct slot *slot, CK_TOKEN_INFO *info)
{
    char label[32];
    snprintf(label, sizeof label, "partition %s", slot->serial);
    memset(info, 0, sizeof *info);
    pad(info->label, sizeof info->label, slot->group ? slot->group->label : label);
    pad(info->manufacturerID, sizeof info->manufacturerID, MANUFACTURER);
    pad(info->model, sizeof info->model, slot->group ? "LunaVirtual" : "LunaSA 7.8.0");
    pad(info->serialNumber, sizeof info->serialNumber, slot->serial);
    info->flags = CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED;
    info->ulMaxPinLen = 255;
    info->ulMinPinLen = 8;
    info->firmwareVersion = (CK_VERSION){7, 8};
    pad(info->utcTime, sizeof info->utcTime, "");
}

CK_RV C_GetSlotInfo(CK_SLOT_ID slot_id, CK_SLOT_INFO *info)
{
    struct slot slot;
    if (!info) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = client_enter();
    if (rv == CKR_OK) {
        rv = CKR_SLOT_ID_INVALID;
        if (slot_find(slot_id, &slot)) {
            describe_slot(&slot, info);
            rv = CKR_OK;
        }
        client_leave();
    }
    return rv;
}

CK_RV C_GetTokenInfo(CK_SLOT_ID slot_id, CK_TOKEN_INFO *info)
{
    struct slot slot;
    if (!info) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = client_enter();
    if (rv == CKR_OK) {
        rv = CKR_SLOT_ID_INVALID;
        if (slot_find(slot_id, &slot)) {
            describe_token(&slot, info);
            rv = CKR_OK;
        }
        client_leave();
    }
    return rv;
}

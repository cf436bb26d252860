#include "slots.h"

#include <stdio.h>
#include <string.h>

#include "recovery.h"
#include "softhsm.h"

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
    CK_RV rv = call_enter();
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

static const struct group *group_of_member(const char *serial)
{
    const struct configuration *configuration = &client.configuration;
    for (size_t i = 0; i < configuration->group_count; i++) {
        for (size_t j = 0; j < configuration->groups[i].member_count; j++) {
            if (strcmp(configuration->groups[i].members[j], serial) == 0) {
                return &configuration->groups[i];
            }
        }
    }
    return NULL;
}

static bool find_partition(CK_SLOT_ID *id, struct slot *slot)
{
    for (size_t i = 0; i < client.configuration.server_count; i++) {
        struct server *server = &client.servers[i];
        if (!server->connected) {
            continue;
        }
        if (*id < server->partition_count) {
            const char *serial = server->partitions[*id];
            *slot = (struct slot){SLOT_PARTITION, group_of_member(serial), server, serial};
            return true;
        }
        *id -= server->partition_count;
    }
    return false;
}

CK_RV slot_find(CK_SLOT_ID id, struct slot *slot)
{
    const struct configuration *configuration = &client.configuration;
    if (!configuration->ha_only && find_partition(&id, slot)) {
        return CKR_OK;
    }
    if (id < configuration->group_count) {
        const struct group *group = &configuration->groups[id];
        *slot = (struct slot){SLOT_GROUP, group, NULL, group->serial};
        return CKR_OK;
    }
    id -= configuration->group_count;
    *slot = (struct slot){id < configuration->empty_ha_slots ? SLOT_EMPTY_GROUP : SLOT_EMPTY, NULL, NULL, NULL};
    return id < configuration->empty_ha_slots + configuration->empty_slots ? CKR_OK : CKR_SLOT_ID_INVALID;
}

CK_RV slot_find_token(CK_SLOT_ID id, struct slot *slot)
{
    CK_RV rv = slot_find(id, slot);
    return rv == CKR_OK && !slot->serial ? CKR_TOKEN_NOT_PRESENT : rv;
}

CK_SLOT_ID slot_of(const struct slot *wanted)
{
    struct slot slot;
    for (CK_SLOT_ID id = 0; slot_find(id, &slot) == CKR_OK; id++) {
        if (slot.kind == wanted->kind && slot.serial && strcmp(slot.serial, wanted->serial) == 0) {
            return id;
        }
    }
    return CK_UNAVAILABLE_INFORMATION;
}

static void notice_lost_servers(void)
{
    for (size_t i = 0; i < client.configuration.server_count; i++) {
        server_check(&client.servers[i]);
    }
}

static CK_RV list_slots(bool token_present, CK_SLOT_ID *list, CK_ULONG *count)
{
    CK_ULONG room = *count;
    struct slot slot;
    notice_lost_servers();
    *count = 0;
    for (CK_SLOT_ID id = 0; slot_find(id, &slot) == CKR_OK; id++) {
        if (token_present && !slot.serial) {
            continue;
        }
        if (list && *count < room) {
            list[*count] = id;
        }
        ++*count;
    }
    return list && *count > room ? CKR_BUFFER_TOO_SMALL : CKR_OK;
}

CK_RV C_GetSlotList(CK_BBOOL token_present, CK_SLOT_ID *slots, CK_ULONG *count)
{
    if (!count) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        rv = list_slots(token_present, slots, count);
        client_leave();
    }
    return rv;
}

static void describe_slot(const struct slot *slot, CK_SLOT_INFO *info)
{
    bool ha = slot->kind == SLOT_GROUP || slot->kind == SLOT_EMPTY_GROUP;
    memset(info, 0, sizeof *info);
    pad(info->slotDescription, sizeof info->slotDescription, ha ? "HA Virtual Card Slot" : "Net Token Slot");
    pad(info->manufacturerID, sizeof info->manufacturerID, MANUFACTURER);
    info->flags = CKF_HW_SLOT | (slot->serial ? CKF_TOKEN_PRESENT : 0) | (ha ? 0 : CKF_REMOVABLE_DEVICE);
    info->firmwareVersion = ha ? (CK_VERSION){7, 8} : (CK_VERSION){0, 0};
}

static void describe_token(const struct slot *slot, CK_TOKEN_INFO *info)
{
    bool ha = slot->kind == SLOT_GROUP;
    char label[32];
    CK_SLOT_ID soft;
    memset(info, 0, sizeof *info);
    if (!softhsm_slot(slot->group, &soft) || softhsm()->C_GetTokenInfo(soft, info) != CKR_OK) {
        info->flags = CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED;
        info->ulMaxPinLen = 255;
        info->ulMinPinLen = 8;
        info->ulTotalPublicMemory = info->ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
        info->ulTotalPrivateMemory = info->ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION;
        pad(info->utcTime, sizeof info->utcTime, "");
    }
    snprintf(label, sizeof label, "partition %s", slot->serial);
    pad(info->label, sizeof info->label, ha ? slot->group->label : label);
    pad(info->manufacturerID, sizeof info->manufacturerID, MANUFACTURER);
    pad(info->model, sizeof info->model, ha ? "LunaVirtual" : "LunaSA 7.8.0");
    pad(info->serialNumber, sizeof info->serialNumber, slot->serial);
    info->hardwareVersion = (CK_VERSION){0, 0};
    info->firmwareVersion = (CK_VERSION){7, 8};
}

CK_RV C_GetSlotInfo(CK_SLOT_ID id, CK_SLOT_INFO *info)
{
    struct slot slot;
    if (!info) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        rv = slot_find(id, &slot);
        if (rv == CKR_OK) {
            describe_slot(&slot, info);
        }
        client_leave();
    }
    return rv;
}

CK_RV C_GetTokenInfo(CK_SLOT_ID id, CK_TOKEN_INFO *info)
{
    struct slot slot;
    if (!info) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        rv = slot_find_token(id, &slot);
        if (rv == CKR_OK) {
            describe_token(&slot, info);
        }
        client_leave();
    }
    return rv;
}

/* A slot with a living member: of a group any, of a partition its server. */
static CK_RV find_living_token(CK_SLOT_ID id, struct slot *slot)
{
    CK_RV rv = slot_find_token(id, slot);
    if (rv != CKR_OK || slot->kind == SLOT_PARTITION) {
        return rv == CKR_OK ? server_check(slot->server) : rv;
    }
    for (size_t i = 0; i < slot->group->member_count; i++) {
        if (server_check(member_server(slot->group->members[i], i)) == CKR_OK) {
            return CKR_OK;
        }
    }
    return CKR_DEVICE_ERROR;
}

/* Without SoftHSM2 there are no mechanisms, for none would work. */
CK_RV C_GetMechanismList(CK_SLOT_ID id, CK_MECHANISM_TYPE *list, CK_ULONG *count)
{
    struct slot slot;
    CK_SLOT_ID soft;
    if (!count) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = call_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    rv = find_living_token(id, &slot);
    if (rv == CKR_OK && softhsm_slot(slot.group, &soft)) {
        rv = softhsm()->C_GetMechanismList(soft, list, count);
    } else if (rv == CKR_OK) {
        *count = 0;
    }
    client_leave();
    return rv;
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID id, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)
{
    struct slot slot;
    CK_SLOT_ID soft;
    if (!info) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = call_enter();
    if (rv != CKR_OK) {
        return rv;
    }
    rv = find_living_token(id, &slot);
    if (rv == CKR_OK) {
        rv = softhsm_slot(slot.group, &soft) ? softhsm()->C_GetMechanismInfo(soft, type, info) : CKR_MECHANISM_INVALID;
    }
    client_leave();
    return rv;
}

/* A real partition is initialised with the vendor's lunacm, an HA slot not at all. */
CK_RV C_InitToken(CK_SLOT_ID id, CK_CHAR *pin, CK_ULONG pin_size, CK_CHAR *label)
{
    struct slot slot;
    (void)pin;
    (void)pin_size;
    (void)label;
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        rv = slot_find_token(id, &slot);
        client_leave();
    }
    return rv == CKR_OK ? CKR_FUNCTION_NOT_SUPPORTED : rv;
}

/* No slot of the emulated client reports events. To wait for one would never end. */
CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID *id, void *reserved)
{
    if (!id || reserved) {
        return CKR_ARGUMENTS_BAD;
    }
    CK_RV rv = call_enter();
    if (rv == CKR_OK) {
        client_leave();
        rv = flags & CKF_DONT_BLOCK ? CKR_NO_EVENT : CKR_FUNCTION_NOT_SUPPORTED;
    }
    return rv;
}

/*
 * The slots, in this order: without HAOnly the partitions of every connected server, so that a server that fails or
 * recovers renumbers the slots, as the vendor's documentation warns; the HA groups; and on request HA slots and plain
 * slots without a token, as real clients have them.
 */
#ifndef CONFKIT_SLOTS_H
#define CONFKIT_SLOTS_H

#include "client.h"

enum slot_kind { SLOT_PARTITION, SLOT_GROUP, SLOT_EMPTY_GROUP, SLOT_EMPTY };

struct slot {
    enum slot_kind kind;
    const struct group *group; /* of a partition the one that it is a member of, or NULL */
    struct server *server;     /* of a partition's slot */
    const char *serial;        /* NULL: there is no token */
};

/* With the lock held. CKR_SLOT_ID_INVALID: there is no such slot. */
CK_RV slot_find(CK_SLOT_ID id, struct slot *slot);

/* As above, but CKR_TOKEN_NOT_PRESENT for a slot without a token. */
CK_RV slot_find_token(CK_SLOT_ID id, struct slot *slot);

/* The present number of the slot with this token. */
CK_SLOT_ID slot_of(const struct slot *wanted);

#endif

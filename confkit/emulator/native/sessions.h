/*
 * Sessions of the application.
 *
 * One on an HA slot is on one member at a time, at first on the first that grants it. When that member is lost it moves to
 * the next one that lives, and stays there. When the last member is lost it waits for the recovery: with
 * VirtualTokenActiveRecovery = activeEnhanced it works again then, otherwise it is gone, and the login with it. One on a
 * partition's slot ends with its connection.
 */
#ifndef CONFKIT_SESSIONS_H
#define CONFKIT_SESSIONS_H

#include "slots.h"

#define SESSION_LIMIT 1024
#define NO_SESSION CK_UNAVAILABLE_INFORMATION

struct session {
    bool used;
    unsigned long number; /* counts the sessions of the process: tells whether it is still the same one after a wait */
    unsigned long busy;   /* calls in SoftHSM2 that use it */
    struct slot slot;
    char serial[SERIAL_SIZE]; /* slot.serial points here: the server's own list changes */
    CK_FLAGS flags;
    struct server *server; /* where it is now */
    unsigned long epoch;   /* of the connection that it is on */
    unsigned long losses;  /* of its group when it was opened or restored */
    bool loss_noted;       /* it is gone, and the login went with it */
    char remote[16];       /* the appliance's own number of it */
    bool has_parts;        /* an operation has begun whose parts are on that member */
    CK_SESSION_HANDLE soft; /* in SoftHSM2, or NO_SESSION */
};

/* NULL: there is no such session. */
struct session *session_find(CK_SESSION_HANDLE handle);

/* Gets a living member for a session, and makes a round trip to it if `round_trip`: moves the session to the next member
 * when one fails. CKR_DEVICE_ERROR when none is left; CKR_SESSION_HANDLE_INVALID when the session is gone. The lock is
 * let go in between. */
CK_RV session_reach(struct session *session, bool round_trip);

/* With the lock held. */
void sessions_forget(void);

#endif

/*
 * The first connection to every server, and the recovery of lost ones: every AutoReconnectInterval, as often as reconnAtt
 * says; without that entry never.
 *
 * A thread does it. In an application that forbids threads (CKF_LIBRARY_CANT_CREATE_OS_THREADS) the application's own
 * calls do it when the interval is over, as clients up to 6.1 did.
 */
#ifndef CONFKIT_RECOVERY_H
#define CONFKIT_RECOVERY_H

#include "client.h"

/* With the lock held: resolves the names of all servers and tries to connect each. */
void recovery_connect_all(void);

/* False where the thread could not be made. */
bool recovery_start(bool with_thread);

/* Without the lock, once the client is stopping: waits for the thread. */
void recovery_stop(void);

/* In a forked child: there is no thread. */
void recovery_forget(void);

/* client_enter, and what is left of the recovery in an application that forbids threads. Every function begins with it. */
CK_RV call_enter(void);

#endif

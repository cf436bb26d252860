/*
 * SoftHSM2, which does the cryptography of the emulated groups: found at run time, one token for each HA group.
 *
 * Section Emulator of Chrystoki.conf names its library and its configuration file. Each group uses the token with the
 * group's label.
 */
#ifndef CONFKIT_SOFTHSM_H
#define CONFKIT_SOFTHSM_H

#include "config.h"

/* Loads and initialises it, where the configuration names it. Where that fails, a line on standard error says why, and
 * everything that needs no cryptography works. */
void softhsm_start(const struct configuration *configuration);

void softhsm_stop(void);

/* NULL: there is none. */
const CK_FUNCTION_LIST *softhsm(void);

/* The slot of the group's token; false where there is none. */
bool softhsm_slot(const struct group *group, CK_SLOT_ID *slot);

/* Ends the operations that are active in a session: an error of the group ends them for the application too. */
void softhsm_cancel_operations(CK_SESSION_HANDLE session);

#endif

/* The two status calls of an HA group are exported (luna_ha.h); this is for the library alone. */
#ifndef CONFKIT_HA_STATE_H
#define CONFKIT_HA_STATE_H

/* In a forked child: no status call is under way. */
void ha_state_forget(void);

#endif

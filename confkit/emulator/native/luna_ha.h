/*
 * The HA extension of the Luna client: two status calls and what they write.
 *
 * Written from published descriptions, not from a vendor header. Three layouts of CK_HA_STATUS are published, and no
 * public header of client 10.7 settles which one it writes.
 */
#ifndef CONFKIT_LUNA_HA_H
#define CONFKIT_LUNA_HA_H

#include "pkcs11.h"

#define CK_HA_MAX_MEMBERS 32

/* "serial20": Thales' OpenSSL engine and pycryptoki. */
typedef struct {
    CK_CHAR memberSerial[20];
    CK_RV memberStatus;
} CK_HA_MEMBER_SERIAL20;

typedef struct {
    CK_CHAR groupSerial[20];
    CK_HA_MEMBER_SERIAL20 memberList[CK_HA_MAX_MEMBERS];
    CK_ULONG listSize;
} CK_HA_STATUS_SERIAL20;

/* "serial16": the newest documentation page. */
typedef struct {
    CK_CHAR memberSerial[16];
    CK_RV memberStatus;
} CK_HA_MEMBER_SERIAL16;

typedef struct {
    CK_CHAR groupSerial[16];
    CK_HA_MEMBER_SERIAL16 memberList[CK_HA_MAX_MEMBERS];
    CK_ULONG listSize;
} CK_HA_STATUS_SERIAL16;

/* "ulong": clients before 6, and the older documentation page. */
typedef struct {
    CK_ULONG memberSerial;
    CK_RV memberStatus;
} CK_HA_MEMBER_ULONG;

typedef struct {
    CK_ULONG groupSerial;
    CK_HA_MEMBER_ULONG memberList[CK_HA_MAX_MEMBERS];
    CK_ULONG listSize;
} CK_HA_STATUS_ULONG;

EXPORTED CK_RV CA_GetHAState(CK_SLOT_ID slot, void *state);
#ifndef WITHOUT_CURRENT_HA_STATE
EXPORTED CK_RV CA_GetCurrentHAState(CK_SLOT_ID slot, void *state);
#endif

/* Not a Luna function: how often a status call was entered while another one was running, since the process began. */
EXPORTED CK_ULONG CAEMU_ConcurrentCalls(void);

#endif

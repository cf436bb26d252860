/*
 * The part of PKCS#11 v2.20 and of the Luna HA extension that the emulated client has.
 *
 * Written from the published interface, not copied from a vendor header. CK_ULONG is `unsigned long` and structures
 * have natural alignment, as on every UNIX client.
 */
#ifndef CONFKIT_CRYPTOKI_H
#define CONFKIT_CRYPTOKI_H

#include <stddef.h>

typedef unsigned char CK_BYTE;
typedef unsigned char CK_CHAR;
typedef unsigned char CK_BBOOL;
typedef unsigned long CK_ULONG;
typedef CK_ULONG CK_RV;
typedef CK_ULONG CK_FLAGS;
typedef CK_ULONG CK_SLOT_ID;
typedef CK_ULONG CK_SESSION_HANDLE;
typedef CK_ULONG CK_NOTIFICATION;
typedef CK_RV (*CK_NOTIFY)(CK_SESSION_HANDLE session, CK_NOTIFICATION event, void *application);

#define CKR_OK 0x00UL
#define CKR_HOST_MEMORY 0x02UL
#define CKR_SLOT_ID_INVALID 0x03UL
#define CKR_GENERAL_ERROR 0x05UL
#define CKR_FUNCTION_FAILED 0x06UL
#define CKR_ARGUMENTS_BAD 0x07UL
#define CKR_NEED_TO_CREATE_THREADS 0x09UL
#define CKR_DEVICE_ERROR 0x30UL
#define CKR_FUNCTION_NOT_SUPPORTED 0x54UL
#define CKR_SESSION_COUNT 0xB1UL
#define CKR_SESSION_HANDLE_INVALID 0xB3UL
#define CKR_SESSION_PARALLEL_NOT_SUPPORTED 0xB4UL
#define CKR_BUFFER_TOO_SMALL 0x150UL
#define CKR_CRYPTOKI_NOT_INITIALIZED 0x190UL
#define CKR_CRYPTOKI_ALREADY_INITIALIZED 0x191UL

#define CKF_LIBRARY_CANT_CREATE_OS_THREADS 0x01UL
#define CKF_SERIAL_SESSION 0x04UL
#define CKF_TOKEN_PRESENT 0x01UL
#define CKF_REMOVABLE_DEVICE 0x02UL
#define CKF_HW_SLOT 0x04UL
#define CKF_RNG 0x01UL
#define CKF_LOGIN_REQUIRED 0x04UL
#define CKF_USER_PIN_INITIALIZED 0x08UL
#define CKF_TOKEN_INITIALIZED 0x400UL

typedef struct {
    CK_BYTE major;
    CK_BYTE minor;
} CK_VERSION;

typedef struct {
    CK_VERSION cryptokiVersion;
    CK_CHAR manufacturerID[32];
    CK_FLAGS flags;
    CK_CHAR libraryDescription[32];
    CK_VERSION libraryVersion;
} CK_INFO;

typedef struct {
    CK_CHAR slotDescription[64];
    CK_CHAR manufacturerID[32];
    CK_FLAGS flags;
    CK_VERSION hardwareVersion;
    CK_VERSION firmwareVersion;
} CK_SLOT_INFO;

typedef struct {
    CK_CHAR label[32];
    CK_CHAR manufacturerID[32];
    CK_CHAR model[16];
    CK_CHAR serialNumber[16];
    CK_FLAGS flags;
    CK_ULONG ulMaxSessionCount;
    CK_ULONG ulSessionCount;
    CK_ULONG ulMaxRwSessionCount;
    CK_ULONG ulRwSessionCount;
    CK_ULONG ulMaxPinLen;
    CK_ULONG ulMinPinLen;
    CK_ULONG ulTotalPublicMemory;
    CK_ULONG ulFreePublicMemory;
    CK_ULONG ulTotalPrivateMemory;
    CK_ULONG ulFreePrivateMemory;
    CK_VERSION hardwareVersion;
    CK_VERSION firmwareVersion;
    CK_CHAR utcTime[16];
} CK_TOKEN_INFO;

typedef struct {
    CK_RV (*CreateMutex)(void **mutex);
    CK_RV (*DestroyMutex)(void *mutex);
    CK_RV (*LockMutex)(void *mutex);
    CK_RV (*UnlockMutex)(void *mutex);
    CK_FLAGS flags;
    void *pReserved;
} CK_C_INITIALIZE_ARGS;

/* The standard list has 68 functions. The caller has a type for each position, so one type serves them all here. */
#define FUNCTION_COUNT 68
typedef void (*CK_FUNCTION)(void);
typedef struct {
    CK_VERSION version;
    CK_FUNCTION functions[FUNCTION_COUNT];
} CK_FUNCTION_LIST;

#define CK_HA_MAX_MEMBERS 32

/* Three layouts of CK_HA_STATUS are published; no public header of client 10.7 settles which one it writes. */

/* "serial20": the Luna 7 header, Thales' OpenSSL engine and pycryptoki. */
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

#define EXPORTED __attribute__((visibility("default")))

EXPORTED CK_RV C_Initialize(void *arguments);
EXPORTED CK_RV C_Finalize(void *reserved);
EXPORTED CK_RV C_GetInfo(CK_INFO *info);
EXPORTED CK_RV C_GetFunctionList(const CK_FUNCTION_LIST **list);
EXPORTED CK_RV C_GetSlotList(CK_BBOOL token_present, CK_SLOT_ID *list, CK_ULONG *count);
EXPORTED CK_RV C_GetSlotInfo(CK_SLOT_ID slot_id, CK_SLOT_INFO *info);
EXPORTED CK_RV C_GetTokenInfo(CK_SLOT_ID slot_id, CK_TOKEN_INFO *info);
EXPORTED CK_RV C_OpenSession(CK_SLOT_ID slot_id, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                             CK_SESSION_HANDLE *handle);
EXPORTED CK_RV C_CloseSession(CK_SESSION_HANDLE handle);
EXPORTED CK_RV CA_GetHAState(CK_SLOT_ID slot_id, void *state);
#ifndef WITHOUT_CURRENT_HA_STATE
EXPORTED CK_RV CA_GetCurrentHAState(CK_SLOT_ID slot_id, void *state);
#endif

/* Not a Luna function: how often a status call was entered while another one was running, since the process began. */
EXPORTED CK_ULONG CAEMU_ConcurrentCalls(void);

#endif

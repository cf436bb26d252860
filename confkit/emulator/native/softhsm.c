#define _GNU_SOURCE
#include "softhsm.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VARIABLE "SOFTHSM2_CONF"
#define TOKEN_LIMIT 64
#define SCRATCH_SIZE 16384 /* more than any signature or block */

static const CK_FUNCTION_LIST *functions; /* NULL: not in use */
static bool found[GROUP_LIMIT];
static CK_SLOT_ID slots[GROUP_LIMIT];
static const struct group *first_group;

static const CK_FUNCTION_LIST *load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        complain("SoftHSM2 cannot be loaded: ", dlerror());
        return NULL;
    }
    CK_RV (*get_function_list)(const CK_FUNCTION_LIST **list);
    *(void **)&get_function_list = dlsym(library, "C_GetFunctionList");
    const CK_FUNCTION_LIST *list = NULL;
    if (!get_function_list || get_function_list(&list) != CKR_OK || !list) {
        complain("this is not SoftHSM2, for it has no C_GetFunctionList: ", path);
        dlclose(library);
        return NULL;
    }
    return list; /* it stays loaded: the application's threads may be anywhere */
}

/* SoftHSM2 reads the path of its configuration from the environment, and nowhere else; the application's own value is
 * put back at once. */
static CK_RV initialise(const CK_FUNCTION_LIST *list, const char *configuration_file)
{
    CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
    const char *before = getenv(VARIABLE);
    char *copy = before ? strdup(before) : NULL;
    setenv(VARIABLE, configuration_file, 1);
    CK_RV rv = list->C_Initialize(&arguments);
    if (copy) {
        setenv(VARIABLE, copy, 1);
    } else {
        unsetenv(VARIABLE);
    }
    free(copy);
    return rv;
}

static bool has_label(const CK_TOKEN_INFO *info, const char *label)
{
    size_t size = strlen(label);
    if (size > sizeof info->label || memcmp(info->label, label, size) != 0) {
        return false;
    }
    for (size_t i = size; i < sizeof info->label; i++) {
        if (info->label[i] != ' ') {
            return false;
        }
    }
    return true;
}

static void find_tokens(const struct configuration *configuration)
{
    CK_SLOT_ID present[TOKEN_LIMIT];
    CK_ULONG count = TOKEN_LIMIT;
    if (functions->C_GetSlotList(1, present, &count) != CKR_OK) {
        count = 0;
    }
    for (size_t i = 0; i < configuration->group_count; i++) {
        found[i] = false;
        for (CK_ULONG j = 0; j < count && !found[i]; j++) {
            CK_TOKEN_INFO info;
            found[i] = functions->C_GetTokenInfo(present[j], &info) == CKR_OK && info.flags & CKF_TOKEN_INITIALIZED &&
                       has_label(&info, configuration->groups[i].label);
            slots[i] = present[j];
        }
        if (!found[i]) {
            complain("SoftHSM2 has no token for HA group ", configuration->groups[i].label);
        }
    }
}

void softhsm_start(const struct configuration *configuration)
{
    functions = NULL;
    first_group = configuration->groups;
    if (!configuration->softhsm_library[0]) {
        return;
    }
    const CK_FUNCTION_LIST *list = load(configuration->softhsm_library);
    if (!list) {
        return;
    }
    CK_RV rv = initialise(list, configuration->softhsm_configuration);
    if (rv != CKR_OK) {
        char code[32];
        snprintf(code, sizeof code, "0x%lx", rv);
        complain("C_Initialize of SoftHSM2 failed: ", code);
        return;
    }
    functions = list;
    find_tokens(configuration);
}

void softhsm_stop(void)
{
    if (functions) {
        functions->C_Finalize(NULL);
        functions = NULL;
    }
}

const CK_FUNCTION_LIST *softhsm(void)
{
    return functions;
}

bool softhsm_slot(const struct group *group, CK_SLOT_ID *slot)
{
    size_t index = group ? (size_t)(group - first_group) : 0;
    if (!functions || !group || !found[index]) {
        return false;
    }
    *slot = slots[index];
    return true;
}

/* PKCS#11 2.20 has no call for it; but any call of a single part, right or wrong, ends an operation that has begun, and a
 * last part ends one that has had parts. Those that are not active answer CKR_OPERATION_NOT_INITIALIZED. */
void softhsm_cancel_operations(CK_SESSION_HANDLE session)
{
    CK_BYTE in[1] = {0};
    CK_BYTE out[SCRATCH_SIZE];
    CK_ULONG size[8] = {SCRATCH_SIZE, SCRATCH_SIZE, SCRATCH_SIZE, SCRATCH_SIZE,
                        SCRATCH_SIZE, SCRATCH_SIZE, SCRATCH_SIZE, SCRATCH_SIZE};
    functions->C_Sign(session, in, sizeof in, out, &size[0]);
    functions->C_SignFinal(session, out, &size[1]);
    functions->C_Verify(session, in, sizeof in, out, 1);
    functions->C_VerifyFinal(session, out, 1);
    functions->C_Digest(session, in, sizeof in, out, &size[2]);
    functions->C_DigestFinal(session, out, &size[3]);
    functions->C_Encrypt(session, in, sizeof in, out, &size[4]);
    functions->C_EncryptFinal(session, out, &size[5]);
    functions->C_Decrypt(session, in, sizeof in, out, &size[6]);
    functions->C_DecryptFinal(session, out, &size[7]);
}

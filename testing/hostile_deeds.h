/* The misdeeds of hostile.c, and its words: what the environment variable HOSTILE asks for. */
#include <stddef.h>

typedef unsigned long ulong_t;

/* Which run this is, counted from 1: how often a process with the same HOSTILE_RUNS has loaded the library. */
unsigned run_number(void);

/* Whether the word is asked for, as it stands or as WORD@RUN for this run. */
int asked(const char *word);

/* Whether WORD-PLACE is asked for. */
int asked_at(const char *word, const char *place);

/* The index-th number of the list in the environment variable name; its last one where the list is shorter; else 0. */
ulong_t listed(const char *name, unsigned index);

/* Do what is asked for at this place. */
void misbehave(const char *place);

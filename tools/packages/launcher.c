/*
 * bin/confkit of the self-contained tree: starts the tree's own Python, wherever the tree lies and by whatever link it
 * is called. Isolated (-I): no variable of the environment and no directory of the user reaches Python's imports.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PYTHON "/python/bin/python3.13"
#define START "from confkit.cli.main import main; main()"

int main(int count, char **words)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - sizeof PYTHON);
    if (length < 0) {
        perror("confkit: cannot find its own directory by /proc/self/exe; mount /proc");
        return 4;
    }
    path[length] = '\0';
    for (int level = 0; level < 2; level++) { /* the directory above bin/ */
        char *slash = strrchr(path, '/');
        if (slash != NULL)
            *slash = '\0';
    }
    strcat(path, PYTHON);
    char **arguments = calloc((size_t)count + 4, sizeof *arguments);
    if (arguments == NULL) {
        perror("confkit");
        return 4;
    }
    arguments[0] = path;
    arguments[1] = "-I";
    arguments[2] = "-c";
    arguments[3] = START;
    for (int index = 1; index < count; index++)
        arguments[index + 3] = words[index];
    execv(path, arguments);
    fprintf(stderr, "confkit: ");
    perror(path);
    return 4;
}

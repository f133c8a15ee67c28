/*
 * nfstree: copies, lists, churns and probes trees on an NFS version 3 server through libnfs, which is not ours.
 *
 *   nfstree put URL LOCAL REMOTE      copy a local tree (files, directories, symbolic links) into a new directory
 *   nfstree manifest URL REMOTE      one line per object: type, mode, size, mtime, SHA-256 or link target, path
 *   nfstree manifest-local LOCAL     the same of a local tree
 *   nfstree churn URL REMOTE SEED SECONDS   random changes held against a model; every surprise is an error
 *   nfstree pledge URL REMOTE SEED SECONDS  stable changes; prints what is under way (?) and what was acknowledged (+ -)
 *   nfstree redeem URL REMOTE LOG           holds a pledge's output against the tree: every acknowledged change is there
 *   nfstree rival URL REMOTE WHO SEED SECONDS  one of two clients (WHO 0 or 1) that change the same objects; prints
 *                                    every call with its beginning and end, for a check of all orders that explain them
 *   nfstree readblocks URL FILE COUNT       read COUNT blocks of 4 KiB one by one, print their SHA-256
 *   nfstree probe URL FILE SECONDS   read 4 KiB blocks without a pause; print end time and length of each gap > 2 ms
 *
 * Every command reconnects without end and never repeats a call itself: what libnfs reports as an error is an error.
 * Exit: 0 done, 1 a difference or an error, 2 usage.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <nfsc/libnfs.h>

#define BLOCK 4096
#define CHUNK (1 << 20)
#define PATH_MAX_BYTES 4096

static struct nfs_context *nfs;

static void die(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("nfstree: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- SHA-256 (FIPS 180-4) ---- */

struct sha256 {
    uint32_t h[8];
    uint64_t length;
    uint8_t block[64];
    size_t fill;
};

static uint32_t sha_k[64];

static uint32_t root_fraction(double value, int cube) {
    double root = value / 2 + 1;
    for (int i = 0; i < 200; i++)
        root = cube ? root - (root * root * root - value) / (3 * root * root) : root - (root * root - value) / (2 * root);
    double fraction = root - (double)(long)root;
    return (uint32_t)(fraction * 4294967296.0);
}

static void sha_init(struct sha256 *s) {
    int found = 0;
    for (int n = 2; found < 64; n++) {
        int prime = 1;
        for (int d = 2; d * d <= n; d++)
            if (n % d == 0) prime = 0;
        if (!prime) continue;
        if (found < 8) s->h[found] = root_fraction(n, 0);
        sha_k[found++] = root_fraction(n, 1);
    }
    s->length = 0;
    s->fill = 0;
}

static uint32_t ror(uint32_t x, int n) {
    return x >> n | x << (32 - n);
}

static void sha_block(struct sha256 *s, const uint8_t *p) {
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (ror(a, 7) ^ ror(a, 18) ^ a >> 3) + w[i - 7] + (ror(b, 17) ^ ror(b, 19) ^ b >> 10);
    }
    memcpy(v, s->h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = ror(v[4], 6) ^ ror(v[4], 11) ^ ror(v[4], 25);
        uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + sha_k[i] + w[i];
        uint32_t s0 = ror(v[0], 2) ^ ror(v[0], 13) ^ ror(v[0], 22);
        uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) s->h[i] += v[i];
}

static void sha_add(struct sha256 *s, const uint8_t *p, size_t n) {
    s->length += n;
    while (n > 0) {
        size_t take = 64 - s->fill < n ? 64 - s->fill : n;
        memcpy(s->block + s->fill, p, take);
        s->fill += take;
        p += take;
        n -= take;
        if (s->fill == 64) {
            sha_block(s, s->block);
            s->fill = 0;
        }
    }
}

static void sha_hex(struct sha256 *s, char *out) {
    uint64_t bits = s->length * 8;
    uint8_t pad = 0x80, zero = 0, end[8];
    sha_add(s, &pad, 1);
    while (s->fill != 56) sha_add(s, &zero, 1);
    for (int i = 0; i < 8; i++) end[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha_add(s, end, 8);
    for (int i = 0; i < 8; i++) sprintf(out + 8 * i, "%08x", s->h[i]);
}

/* ---- mounting ---- */

static void mount_url(const char *text) {
    nfs = nfs_init_context();
    if (nfs == NULL) die("no libnfs context");
    struct nfs_url *url = nfs_parse_url_dir(nfs, text);
    if (url == NULL) die("%s: %s", text, nfs_get_error(nfs));
    nfs_set_autoreconnect(nfs, -1);
    if (nfs_mount(nfs, url->server, url->path) != 0) die("mount %s: %s", text, nfs_get_error(nfs));
    nfs_destroy_url(url);
}

#define OK(call, ...)                                                        \
    do {                                                                      \
        int result_ = (call);                                                 \
        if (result_ < 0) {                                                    \
            fprintf(stderr, "nfstree: " __VA_ARGS__);                         \
            die(": %s (%s)", strerror(-result_), nfs_get_error(nfs));         \
        }                                                                     \
    } while (0)

static char *join(const char *directory, const char *name) {
    size_t n = strlen(directory) + strlen(name) + 2;
    char *path = malloc(n);
    snprintf(path, n, "%s%s%s", directory, directory[strlen(directory) - 1] == '/' ? "" : "/", name);
    return path;
}

/* ---- put ---- */

static long put_files, put_bytes;

static void put_file(const char *local, const char *remote, const struct stat *st) {
    static char buffer[CHUNK];
    int in = open(local, O_RDONLY);
    if (in < 0) die("%s: %s", local, strerror(errno));
    struct nfsfh *out;
    OK(nfs_open2(nfs, remote, O_WRONLY | O_CREAT | O_EXCL, st->st_mode & 07777, &out), "create %s", remote);
    uint64_t offset = 0;
    ssize_t n;
    while ((n = read(in, buffer, sizeof buffer)) > 0) {
        for (ssize_t done = 0; done < n;) {
            int wrote = nfs_pwrite(nfs, out, offset, n - done, buffer + done);
            if (wrote <= 0) die("write %s: %s", remote, nfs_get_error(nfs));
            done += wrote;
            offset += wrote;
        }
    }
    close(in);
    OK(nfs_fsync(nfs, out), "commit %s", remote);
    OK(nfs_close(nfs, out), "close %s", remote);
    struct timeval times[2] = {{st->st_mtim.tv_sec, st->st_mtim.tv_nsec / 1000}, {st->st_mtim.tv_sec, st->st_mtim.tv_nsec / 1000}};
    OK(nfs_utimes(nfs, remote, times), "utimes %s", remote);
    put_files++;
    put_bytes += offset;
}

static void put_tree(const char *local, const char *remote) {
    OK(nfs_mkdir(nfs, remote), "mkdir %s", remote);
    DIR *directory = opendir(local);
    if (directory == NULL) die("%s: %s", local, strerror(errno));
    for (struct dirent *e; (e = readdir(directory)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        char *from = join(local, e->d_name), *to = join(remote, e->d_name);
        struct stat st;
        if (lstat(from, &st) != 0) die("%s: %s", from, strerror(errno));
        if (S_ISDIR(st.st_mode)) {
            put_tree(from, to);
        } else if (S_ISLNK(st.st_mode)) {
            char target[PATH_MAX_BYTES];
            ssize_t n = readlink(from, target, sizeof target - 1);
            if (n < 0) die("%s: %s", from, strerror(errno));
            target[n] = 0;
            OK(nfs_symlink(nfs, target, to), "symlink %s", to);
            put_files++;
        } else if (S_ISREG(st.st_mode)) {
            put_file(from, to, &st);
        }
        free(from);
        free(to);
    }
    closedir(directory);
    struct stat st;
    if (stat(local, &st) == 0) OK(nfs_chmod(nfs, remote, st.st_mode & 07777), "chmod %s", remote);
}

/* ---- manifest ---- */

struct lines {
    char **line;
    size_t count, room;
};

static void line_add(struct lines *l, const char *format, ...) {
    char text[2 * PATH_MAX_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (l->count == l->room) l->line = realloc(l->line, (l->room = l->room * 2 + 64) * sizeof(char *));
    l->line[l->count++] = strdup(text);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void lines_print(struct lines *l) {
    qsort(l->line, l->count, sizeof(char *), by_text);
    for (size_t i = 0; i < l->count; i++) puts(l->line[i]);
}

static void hash_remote(const char *path, uint64_t size, char *hex) {
    static uint8_t buffer[CHUNK];
    struct sha256 s;
    sha_init(&s);
    struct nfsfh *in;
    OK(nfs_open(nfs, path, O_RDONLY, &in), "open %s", path);
    for (uint64_t offset = 0;;) {
        int n = nfs_pread(nfs, in, offset, sizeof buffer, buffer);
        if (n < 0) die("read %s: %s", path, nfs_get_error(nfs));
        if (n == 0) {
            if (offset != size) die("%s: size is %" PRIu64 " but %" PRIu64 " bytes could be read", path, size, offset);
            break;
        }
        sha_add(&s, buffer, n);
        offset += n;
    }
    OK(nfs_close(nfs, in), "close %s", path);
    sha_hex(&s, hex);
}

static void manifest_remote(const char *path, const char *shown, struct lines *l) {
    struct nfsdir *directory;
    OK(nfs_opendir(nfs, path, &directory), "opendir %s", path);
    struct nfsdirent *e;
    while ((e = nfs_readdir(nfs, directory)) != NULL) {
        if (strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0) continue;
        char *child = join(path, e->name), *name = join(shown, e->name);
        struct nfs_stat_64 st;
        OK(nfs_lstat64(nfs, child, &st), "lstat %s", child);
        char detail[PATH_MAX_BYTES] = "-";
        if (S_ISREG(st.nfs_mode)) {
            hash_remote(child, st.nfs_size, detail);
            line_add(l, "%s f %04o %" PRIu64 " %" PRIu64 " %s", name, (unsigned)st.nfs_mode & 07777, st.nfs_size, st.nfs_mtime, detail);
        } else if (S_ISLNK(st.nfs_mode)) {
            OK(nfs_readlink(nfs, child, detail, sizeof detail), "readlink %s", child);
            line_add(l, "%s l %s", name, detail);
        } else if (S_ISDIR(st.nfs_mode)) {
            line_add(l, "%s d %04o", name, (unsigned)st.nfs_mode & 07777);
            manifest_remote(child, name, l);
        }
        free(child);
        free(name);
    }
    nfs_closedir(nfs, directory);
}

static void hash_local(const char *path, char *hex) {
    static uint8_t buffer[CHUNK];
    struct sha256 s;
    sha_init(&s);
    int in = open(path, O_RDONLY);
    if (in < 0) die("%s: %s", path, strerror(errno));
    for (ssize_t n; (n = read(in, buffer, sizeof buffer)) > 0;) sha_add(&s, buffer, n);
    close(in);
    sha_hex(&s, hex);
}

static void manifest_local(const char *path, const char *shown, struct lines *l) {
    DIR *directory = opendir(path);
    if (directory == NULL) die("%s: %s", path, strerror(errno));
    for (struct dirent *e; (e = readdir(directory)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        char *child = join(path, e->d_name), *name = join(shown, e->d_name);
        struct stat st;
        if (lstat(child, &st) != 0) die("%s: %s", child, strerror(errno));
        char detail[PATH_MAX_BYTES];
        if (S_ISREG(st.st_mode)) {
            hash_local(child, detail);
            line_add(l, "%s f %04o %" PRIu64 " %" PRIu64 " %s", name, st.st_mode & 07777, (uint64_t)st.st_size, (uint64_t)st.st_mtime, detail);
        } else if (S_ISLNK(st.st_mode)) {
            ssize_t n = readlink(child, detail, sizeof detail - 1);
            detail[n < 0 ? 0 : n] = 0;
            line_add(l, "%s l %s", name, detail);
        } else if (S_ISDIR(st.st_mode)) {
            line_add(l, "%s d %04o", name, st.st_mode & 07777);
            manifest_local(child, name, l);
        }
        free(child);
        free(name);
    }
    closedir(directory);
}

/* ---- churn: what is there is known, so every wrong, lost or doubled effect shows ---- */

enum { SLOTS = 64, FILE_BLOCKS = 8 };

struct slot {
    enum { GONE, PLAIN, FOLDER } kind;
    int links;                     /* 1 or 2: the second name is slot name + ".2" */
    uint32_t stamp[FILE_BLOCKS];   /* 0: a hole */
    int blocks;
};

static struct slot slots[SLOTS];
static uint64_t random_state;

static uint32_t random_next(uint32_t bound) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % bound;
}

static void fill_block(uint32_t *block, int slot, int index, uint32_t stamp) {
    for (int i = 0; i < BLOCK / 4; i++) block[i] = stamp == 0 ? 0 : stamp * 2654435761u + (uint32_t)(slot * 131 + index * 17 + i);
}

static void slot_path(char *out, const char *base, int slot, const char *suffix) {
    snprintf(out, PATH_MAX_BYTES, "%s/s%02d%s", base, slot, suffix);
}

static void expect(int got, int wanted, const char *what, const char *path) {
    if (got != wanted) die("churn: %s %s gave %d (%s), expected %d", what, path, got, got < 0 ? nfs_get_error(nfs) : "", wanted);
}

static void churn_check(const char *base, int slot) {
    char path[PATH_MAX_BYTES];
    uint32_t want[BLOCK / 4], got[BLOCK / 4];
    struct slot *s = &slots[slot];
    slot_path(path, base, slot, "");
    struct nfs_stat_64 st;
    int result = nfs_lstat64(nfs, path, &st);
    if (s->kind == GONE) {
        expect(result, -ENOENT, "lstat", path);
        return;
    }
    expect(result, 0, "lstat", path);
    if (s->kind == FOLDER) {
        if (!S_ISDIR(st.nfs_mode)) die("churn: %s is no directory", path);
        return;
    }
    if (st.nfs_nlink != (uint64_t)s->links) die("churn: %s has %d links, expected %d", path, (int)st.nfs_nlink, s->links);
    if (st.nfs_size != (uint64_t)s->blocks * BLOCK) die("churn: %s has size %d, expected %d", path, (int)st.nfs_size, s->blocks * BLOCK);
    struct nfsfh *file;
    expect(nfs_open(nfs, path, O_RDONLY, &file), 0, "open", path);
    for (int b = 0; b < s->blocks; b++) {
        expect(nfs_pread(nfs, file, (uint64_t)b * BLOCK, BLOCK, got), BLOCK, "read", path);
        fill_block(want, slot, b, s->stamp[b]);
        if (memcmp(want, got, BLOCK) != 0) die("churn: %s block %d holds wrong bytes", path, b);
    }
    expect(nfs_close(nfs, file), 0, "close", path);
}

static void churn_write(const char *base, int slot, int stable) {
    char path[PATH_MAX_BYTES];
    uint32_t block[BLOCK / 4];
    struct slot *s = &slots[slot];
    int index = (int)random_next(FILE_BLOCKS);
    uint32_t stamp = random_next(1000000000) + 1;
    struct nfsfh *file;
    slot_path(path, base, slot, "");
    expect(nfs_open(nfs, path, O_WRONLY, &file), 0, "open", path);
    fill_block(block, slot, index, stamp);
    expect(nfs_pwrite(nfs, file, (uint64_t)index * BLOCK, BLOCK, block), BLOCK, "write", path);
    if (stable) expect(nfs_fsync(nfs, file), 0, "commit", path);
    expect(nfs_close(nfs, file), 0, "close", path);
    s->stamp[index] = stamp;
    if (index >= s->blocks) s->blocks = index + 1;
}

static void move_slot(const char *base, int from, int to) {
    char a[PATH_MAX_BYTES], b[PATH_MAX_BYTES];
    uint32_t block[BLOCK / 4];
    slot_path(a, base, from, "");
    slot_path(b, base, to, "");
    expect(nfs_rename(nfs, a, b), 0, "rename", a);
    slots[to] = slots[from];
    memset(&slots[from], 0, sizeof slots[from]);
    /* The bytes name their slot: write them anew under the new one. */
    struct nfsfh *file;
    expect(nfs_open(nfs, b, O_WRONLY, &file), 0, "open", b);
    for (int i = 0; i < slots[to].blocks; i++) {
        fill_block(block, to, i, slots[to].stamp[i]);
        if (slots[to].stamp[i] != 0) expect(nfs_pwrite(nfs, file, (uint64_t)i * BLOCK, BLOCK, block), BLOCK, "write", b);
    }
    expect(nfs_close(nfs, file), 0, "close", b);
}

static void churn_step(const char *base) {
    char path[PATH_MAX_BYTES], other[PATH_MAX_BYTES];
    int slot = (int)random_next(SLOTS);
    struct slot *s = &slots[slot];
    slot_path(path, base, slot, "");
    if (s->kind == GONE) {
        if (random_next(4) == 0) {
            expect(nfs_mkdir(nfs, path), 0, "mkdir", path);
            s->kind = FOLDER;
        } else {
            struct nfsfh *file;
            expect(nfs_open2(nfs, path, O_WRONLY | O_CREAT | O_EXCL, 0644, &file), 0, "create", path);
            expect(nfs_close(nfs, file), 0, "close", path);
            s->kind = PLAIN;
            s->links = 1;
        }
        return;
    }
    if (s->kind == FOLDER) {
        expect(nfs_mkdir(nfs, path), -EEXIST, "second mkdir", path);
        expect(nfs_rmdir(nfs, path), 0, "rmdir", path);
        s->kind = GONE;
        return;
    }
    switch (random_next(8)) {
    case 0: /* remove, the second name too */
        if (s->links == 2) {
            slot_path(other, base, slot, ".2");
            expect(nfs_unlink(nfs, other), 0, "unlink", other);
        }
        expect(nfs_unlink(nfs, path), 0, "unlink", path);
        memset(s, 0, sizeof *s);
        break;
    case 1: /* rename, over a plain target or to a free place */
        for (int to = 0; to < SLOTS; to++)
            if (to != slot && slots[to].kind != FOLDER && slots[to].links != 2 && s->links == 1 && random_next(4) == 0) {
                move_slot(base, slot, to);
                break;
            }
        break;
    case 2: /* hard link made or removed */
        slot_path(other, base, slot, ".2");
        if (s->links == 1) expect(nfs_link(nfs, path, other), 0, "link", other);
        else expect(nfs_unlink(nfs, other), 0, "unlink", other);
        s->links = s->links == 1 ? 2 : 1;
        break;
    case 3: { /* truncate, down or up */
        int blocks = (int)random_next(FILE_BLOCKS + 1);
        expect(nfs_truncate(nfs, path, (uint64_t)blocks * BLOCK), 0, "truncate", path);
        for (int b = blocks; b < FILE_BLOCKS; b++) s->stamp[b] = 0;
        s->blocks = blocks;
        break;
    }
    default:
        churn_write(base, slot, random_next(3) == 0);
    }
}

static void churn(const char *base, uint64_t seed, int seconds) {
    random_state = seed;
    OK(nfs_mkdir(nfs, base), "mkdir %s", base);
    puts("churn: begun");
    fflush(stdout);
    uint64_t end = now_ns() + (uint64_t)seconds * 1000000000u;
    long steps = 0;
    while (now_ns() < end) {
        churn_step(base);
        churn_check(base, (int)random_next(SLOTS));
        steps++;
    }
    for (int slot = 0; slot < SLOTS; slot++) churn_check(base, slot);
    printf("churn: %ld steps, seed %" PRIu64 ", every object as expected\n", steps, seed);
}

/* ---- pledge and redeem: what was acknowledged as stable must be there after a power loss ---- */

enum { PLEDGE_FILES = 200, PLEDGE_BLOCKS = 24 };

static void pledge_content(uint32_t *block, uint64_t seed, int index) {
    for (int i = 0; i < BLOCK / 4; i++) block[i] = (uint32_t)(seed * 2654435761u + (uint64_t)index * 40503u + (uint64_t)i);
}

static void pledge_write(const char *path, const char *name, uint64_t seed, int flags) {
    uint32_t block[BLOCK / 4];
    char hex[65];
    struct sha256 s;
    struct nfsfh *file;
    int blocks = (int)random_next(PLEDGE_BLOCKS) + 1;
    sha_init(&s);
    OK(nfs_open2(nfs, path, O_WRONLY | flags, 0644, &file), "open %s", path);
    for (int b = 0; b < blocks; b++) {
        pledge_content(block, seed, b);
        sha_add(&s, (uint8_t *)block, BLOCK);
        if (nfs_pwrite(nfs, file, (uint64_t)b * BLOCK, BLOCK, block) != BLOCK) die("write %s: %s", path, nfs_get_error(nfs));
    }
    OK(nfs_fsync(nfs, file), "commit %s", path);
    OK(nfs_close(nfs, file), "close %s", path);
    sha_hex(&s, hex);
    printf("+ %s %s\n", name, hex);
}

static void pledge(const char *base, uint64_t seed, int seconds) {
    static char there[PLEDGE_FILES][65];
    char name[32], other[32];
    random_state = seed;
    setvbuf(stdout, NULL, _IOLBF, 0);
    OK(nfs_mkdir(nfs, base), "mkdir %s", base);
    uint64_t end = now_ns() + (uint64_t)seconds * 1000000000u;
    for (uint64_t step = 1; now_ns() < end; step++) {
        int f = (int)random_next(PLEDGE_FILES), g = (int)random_next(PLEDGE_FILES);
        snprintf(name, sizeof name, "p%03d", f);
        snprintf(other, sizeof other, "p%03d", g);
        char *path = join(base, name), *to = join(base, other);
        if (!there[f][0]) {
            printf("? %s\n", name);
            pledge_write(path, name, seed + step, O_CREAT | O_EXCL);
            there[f][0] = 1;
        } else if (random_next(3) == 0) {
            printf("? %s\n", name);
            OK(nfs_unlink(nfs, path), "unlink %s", path);
            printf("- %s\n", name);
            there[f][0] = 0;
        } else if (f != g) {
            printf("? %s\n? %s\n", name, other);
            OK(nfs_rename(nfs, path, to), "rename %s", path);
            printf("> %s %s\n", name, other);
            there[f][0] = 0;
            there[g][0] = 1;
        }
        free(path);
        free(to);
    }
}

static void redeem(const char *base, const char *log) {
    static char want[PLEDGE_FILES][65], held[PLEDGE_FILES][65];
    char line[256], hex[65];
    long sure = 0;
    FILE *in = fopen(log, "r");
    if (in == NULL) die("%s: %s", log, strerror(errno));
    /* want: "" gone, "?" either, else the hash; held: the last acknowledged hash, which a rename takes along */
    while (fgets(line, sizeof line, in) != NULL) {
        char sign, sum[65] = "";
        int f, g;
        if (strchr(line, '\n') == NULL) continue;
        if (sscanf(line, "> p%d p%d", &f, &g) == 2) {
            memcpy(want[g], held[f], sizeof held[f]);
            memmove(held[g], held[f], sizeof held[f]);
            want[f][0] = held[f][0] = 0;
        } else if (sscanf(line, "%c p%d %64s", &sign, &f, sum) >= 2) {
            if (sign == '?') strcpy(want[f], "?");
            if (sign == '-') want[f][0] = held[f][0] = 0;
            if (sign == '+') strcpy(want[f], strcpy(held[f], sum));
        }
    }
    fclose(in);
    for (int f = 0; f < PLEDGE_FILES; f++) {
        char name[32];
        struct nfs_stat_64 st;
        if (want[f][0] == '?') continue;
        snprintf(name, sizeof name, "p%03d", f);
        char *path = join(base, name);
        int result = nfs_lstat64(nfs, path, &st);
        if (want[f][0] == 0) {
            if (result != -ENOENT) die("redeem: %s is there (%d) though it was removed", path, result);
        } else {
            if (result != 0) die("redeem: %s is lost: %s", path, nfs_get_error(nfs));
            hash_remote(path, st.nfs_size, hex);
            if (strcmp(hex, want[f]) != 0) die("redeem: %s holds other bytes than were acknowledged", path);
            sure++;
        }
        free(path);
    }
    printf("redeem: %ld files as acknowledged\n", sure);
}

/* ---- rival: two of them change the same blocks, attributes and names ---- */

enum { RIVAL_BLOCKS = 8, RIVAL_RUN = 3, RIVAL_TIMES = 100, RIVAL_TAIL_MAX = 16 };

static uint32_t rival_version(int who, uint32_t counter) {
    return (uint32_t)(who + 1) << 26 | counter;
}

static void rival_fill(uint32_t *blocks, int count, uint32_t version) {
    for (int i = 0; i < count * BLOCK / 4; i++) blocks[i] = version;
}

/* The version that a whole block holds; a block of two versions was torn. */
static uint32_t rival_block(const uint32_t *block, const char *path, int index) {
    for (int i = 1; i < BLOCK / 4; i++)
        if (block[i] != block[0]) die("rival: %s block %d holds %08x and %08x", path, index, block[0], block[i]);
    return block[0];
}

static void rival_make(const char *base) {
    static const char *const names[] = {"blocks", "times", "tail", "token.a"};
    static uint32_t zero[RIVAL_BLOCKS * BLOCK / 4];
    OK(nfs_mkdir(nfs, base), "mkdir %s", base);
    for (int i = 0; i < 4; i++) {
        char *path = join(base, names[i]);
        struct nfsfh *file;
        OK(nfs_open2(nfs, path, O_WRONLY | O_CREAT | O_EXCL, 0644, &file), "create %s", path);
        if (i == 0 && nfs_pwrite(nfs, file, 0, sizeof zero, zero) != sizeof zero) die("write %s", path);
        OK(nfs_close(nfs, file), "close %s", path);
        struct timeval times[2] = {{0, 0}, {0, 0}};
        if (i == 1) OK(nfs_utimes(nfs, path, times), "utimes %s", path);
        free(path);
    }
    OK(nfs_mkdir(nfs, join(base, "ready")), "mkdir ready");
}

static void rival_blocks(struct nfsfh *file, const char *path, uint32_t version) {
    uint32_t blocks[RIVAL_RUN * BLOCK / 4];
    int write = random_next(2), count = (int)random_next(RIVAL_RUN) + 1;
    int first = (int)random_next((uint32_t)(RIVAL_BLOCKS - count + 1));
    if (write) rival_fill(blocks, count, version);
    uint64_t begin = now_ns();
    int n = write ? nfs_pwrite(nfs, file, (uint64_t)first * BLOCK, (uint64_t)count * BLOCK, blocks)
                  : nfs_pread(nfs, file, (uint64_t)first * BLOCK, (uint64_t)count * BLOCK, blocks);
    uint64_t end = now_ns();
    if (n != count * BLOCK) die("rival: %s %s gave %d: %s", write ? "write" : "read", path, n, nfs_get_error(nfs));
    for (int b = 0; b < count; b++)
        printf("%c %d %u %" PRIu64 " %" PRIu64 "\n", write ? 'w' : 'r', first + b,
               rival_block(blocks + b * BLOCK / 4, path, first + b), begin, end);
}

static void rival_times(const char *path, uint32_t version) {
    struct nfs_stat_64 st;
    uint64_t begin = now_ns();
    if (random_next(2)) {
        struct timeval times[2] = {{version, 0}, {version, 0}};
        OK(nfs_utimes(nfs, path, times), "utimes %s", path);
        printf("w %d %u %" PRIu64 " %" PRIu64 "\n", RIVAL_TIMES, version, begin, now_ns());
    } else {
        OK(nfs_lstat64(nfs, path, &st), "lstat %s", path);
        uint64_t end = now_ns();
        if (st.nfs_atime != st.nfs_mtime) die("rival: %s has times of two changes", path);
        printf("r %d %u %" PRIu64 " %" PRIu64 "\n", RIVAL_TIMES, (unsigned)st.nfs_mtime, begin, end);
    }
}

/* Writes behind what it takes for the end, or cuts the file short: what is there afterwards somebody wrote, or nobody. */
static void rival_tail(const char *path, uint32_t version) {
    uint32_t block[BLOCK / 4];
    struct nfs_stat_64 st;
    struct nfsfh *file;
    OK(nfs_lstat64(nfs, path, &st), "lstat %s", path);
    if (st.nfs_size > RIVAL_TAIL_MAX * BLOCK || random_next(8) == 0) {
        OK(nfs_truncate(nfs, path, (uint64_t)random_next(RIVAL_TAIL_MAX / 2) * BLOCK), "truncate %s", path);
        return;
    }
    rival_fill(block, 1, version);
    OK(nfs_open(nfs, path, O_WRONLY, &file), "open %s", path);
    if (nfs_pwrite(nfs, file, st.nfs_size / BLOCK * BLOCK, BLOCK, block) != BLOCK) die("rival: write %s", path);
    if (random_next(2)) OK(nfs_fsync(nfs, file), "commit %s", path);
    OK(nfs_close(nfs, file), "close %s", path);
    printf("a %u\n", version);
}

static void rival_names(const char *base, uint32_t counter) {
    char name[32];
    struct nfsfh *file;
    int forth = (int)random_next(2);
    char *a = join(base, "token.a"), *b = join(base, "token.b");
    int moved = forth ? nfs_rename(nfs, a, b) : nfs_rename(nfs, b, a);
    if (moved != 0 && moved != -ENOENT) die("rival: rename gave %d: %s", moved, nfs_get_error(nfs));
    if (moved == 0) printf("%c\n", forth ? '>' : '<');
    snprintf(name, sizeof name, "x%05u", counter);
    char *path = join(base, name);
    int made = nfs_open2(nfs, path, O_WRONLY | O_CREAT | O_EXCL, 0644, &file);
    if (made != 0 && made != -EEXIST) die("rival: create %s gave %d: %s", path, made, nfs_get_error(nfs));
    if (made == 0) OK(nfs_close(nfs, file), "close %s", path);
    printf("%c %u\n", made == 0 ? '!' : '=', counter);
    free(a);
    free(b);
    free(path);
}

static void rival(const char *base, int who, uint64_t seed, int seconds) {
    struct nfs_stat_64 st;
    struct nfsfh *file;
    char *blocks = join(base, "blocks"), *times = join(base, "times"), *tail = join(base, "tail");
    random_state = seed * 2 + (uint64_t)who;
    if (who == 0) rival_make(base);
    while (nfs_lstat64(nfs, join(base, "ready"), &st) != 0) usleep(10000);
    OK(nfs_open(nfs, blocks, O_RDWR, &file), "open %s", blocks);
    puts("begun");
    fflush(stdout);
    uint64_t end = now_ns() + (uint64_t)seconds * 1000000000u;
    for (uint32_t counter = 1; now_ns() < end; counter++) {
        uint32_t version = rival_version(who, counter);
        rival_blocks(file, blocks, version);
        if (random_next(8) == 0) OK(nfs_fsync(nfs, file), "commit %s", blocks);
        rival_times(times, version);
        if (random_next(2)) rival_tail(tail, version);
        rival_names(base, counter);
    }
    OK(nfs_close(nfs, file), "close %s", blocks);
}

/* ---- reading ---- */

static void read_blocks(const char *path, long count) {
    uint8_t block[BLOCK];
    char hex[65];
    struct sha256 s;
    sha_init(&s);
    struct nfsfh *file;
    OK(nfs_open(nfs, path, O_RDONLY, &file), "open %s", path);
    for (long b = 0; b < count; b++) {
        int n = nfs_pread(nfs, file, (uint64_t)b * BLOCK, BLOCK, block);
        if (n != BLOCK) die("read %s block %ld gave %d", path, b, n);
        sha_add(&s, block, BLOCK);
    }
    OK(nfs_close(nfs, file), "close %s", path);
    sha_hex(&s, hex);
    puts(hex);
}

static void probe(const char *path, int seconds) {
    uint8_t block[BLOCK];
    struct nfs_stat_64 st;
    OK(nfs_stat64(nfs, path, &st), "stat %s", path);
    long blocks = (long)(st.nfs_size / BLOCK), reads = 0;
    if (blocks == 0) die("%s is shorter than a block", path);
    struct nfsfh *file;
    OK(nfs_open(nfs, path, O_RDONLY, &file), "open %s", path);
    uint64_t begin = now_ns(), last = begin, end = begin + (uint64_t)seconds * 1000000000u;
    random_state = 1;
    while (last < end) {
        int n = nfs_pread(nfs, file, (uint64_t)random_next((uint32_t)blocks) * BLOCK, BLOCK, block);
        uint64_t t = now_ns();
        if (n != BLOCK) die("probe %s: %d (%s)", path, n, nfs_get_error(nfs));
        if (t - last > 2000000u) {
            printf("gap %" PRIu64 " %" PRIu64 "\n", t, t - last);
            fflush(stdout);
        }
        last = t;
        reads++;
    }
    printf("reads %ld seconds %.3f\n", reads, (double)(last - begin) / 1e9);
}

int main(int argc, char **argv) {
    const char *verb = argc > 1 ? argv[1] : "";
    struct lines l = {0};
    if (argc == 3 && strcmp(verb, "manifest-local") == 0) {
        manifest_local(argv[2], "/", &l);
        lines_print(&l);
        return 0;
    }
    if (argc > 2) mount_url(argv[2]);
    if (argc == 5 && strcmp(verb, "put") == 0) {
        put_tree(argv[3], argv[4]);
        printf("put: %ld files, %ld bytes\n", put_files, put_bytes);
    } else if (argc == 4 && strcmp(verb, "manifest") == 0) {
        manifest_remote(argv[3], "/", &l);
        lines_print(&l);
    } else if (argc == 6 && strcmp(verb, "churn") == 0) {
        churn(argv[3], strtoull(argv[4], NULL, 10), atoi(argv[5]));
    } else if (argc == 6 && strcmp(verb, "pledge") == 0) {
        pledge(argv[3], strtoull(argv[4], NULL, 10), atoi(argv[5]));
    } else if (argc == 5 && strcmp(verb, "redeem") == 0) {
        redeem(argv[3], argv[4]);
    } else if (argc == 7 && strcmp(verb, "rival") == 0) {
        rival(argv[3], atoi(argv[4]), strtoull(argv[5], NULL, 10), atoi(argv[6]));
    } else if (argc == 5 && strcmp(verb, "readblocks") == 0) {
        read_blocks(argv[3], atol(argv[4]));
    } else if (argc == 5 && strcmp(verb, "probe") == 0) {
        probe(argv[3], atoi(argv[4]));
    } else {
        fputs("usage: nfstree put URL LOCAL REMOTE | manifest URL REMOTE | manifest-local LOCAL |\n"
              "       churn URL REMOTE SEED SECONDS | pledge URL REMOTE SEED SECONDS | redeem URL REMOTE LOG |\n"
              "       rival URL REMOTE WHO SEED SECONDS | readblocks URL FILE COUNT | probe URL FILE SECONDS\n", stderr);
        return 2;
    }
    nfs_destroy_context(nfs);
    return 0;
}

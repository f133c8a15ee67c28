/*
 * nfsbench: load on an NFS version 3 server through libnfs' asynchronous calls, one thread, and what it cost.
 *
 *   nfsbench SERVER WORK [option value]...
 *     SERVER   address:nfs port:mount port:/export
 *     WORK     read, write     --file NAME in the export's root, for --seconds, each block checked when read
 *              fill            the whole file in order, stable at the end: block N begins with the number N
 *              copy            one pass of 'write' over the whole file in order, COMMIT in its time
 *              create, lookup, rename, remove   --count files named --prefix and a number, in directory --file
 *              list            the whole of directory --file by READDIRPLUS, again until --seconds are over
 *              mkdir, rmdir    directory --file
 *     --file NAME --size BYTES --block BYTES --depth N (calls under way per connection) --connections N
 *     --sequential 0|1 --stable 0|1 (FILE_SYNC)
 *     --once 0|1 (random, but each block once) --commit 0|1 (after writes) --seconds S --seed N --count N --bytes N (written into a new file)
 *     --spread N (lookup: of so many names, at random) --pids N,N (processes whose processor time is counted)
 *
 * Prints one JSON object. Latency is from the call handed to libnfs to its answer, by logarithmic buckets of 3%.
 * Exit: 0 done, 1 an error or wrong bytes, 2 usage.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <nfsc/libnfs.h>
#include <nfsc/libnfs-raw.h>
#include <nfsc/libnfs-raw-mount.h>
#include <nfsc/libnfs-raw-nfs.h>

#define CHECKED 4096
#define CONNECTIONS_MAX 64
#define DEPTH_MAX 256
#define PIDS_MAX 16
/* Odd, so that its multiples meet every block of a power of two of them once. */
#define ONCE_STEP 0x9e3779b1u
#define BUCKETS 800
#define BUCKET_RATIO 1.03

static void die(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("nfsbench: ", stderr);
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

struct handle {
    unsigned length;
    char bytes[NFS3_FHSIZE];
};

struct connection {
    struct rpc_context *rpc;
    int in_flight;
};

/* One call under way, used again for the next one. */
struct slot {
    struct connection *connection;
    uint64_t started;
    uint64_t index;
    char *buffer;
    char name[256], other[256];
    struct handle file;
};

static const char *work = "", *file_name = "", *prefix = "f";
static char server[256], export[1024];
static int nfs_port, mount_port, depth = 1, connections = 1, sequential, stable, once, commit = 1;
static uint64_t size = 1 << 20, block = 4096, seconds = 5, seed = 1, count, bytes, spread;
static int pids[PIDS_MAX], pid_count;

static struct connection all[CONNECTIONS_MAX];
static struct handle root, target;
static uint64_t next, ended, ops, moved, deadline, random_state;
static uint64_t histogram[BUCKETS], longest;
static int finished;

/* ---- what it cost ---- */

static uint64_t cpu_ticks(int pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file) die("process %d is gone", pid);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    char *after = strrchr(text, ')');
    uint64_t user = 0, system = 0;
    if (!after || sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64, &user, &system) != 2)
        die("%s cannot be read", path);
    return user + system;
}

static uint64_t own_cpu_us(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000u + (uint64_t)usage.ru_utime.tv_usec +
        (uint64_t)usage.ru_stime.tv_usec;
}

static void count_latency(uint64_t ns) {
    int bucket = ns < 1000 ? 0 : (int)(log((double)ns / 1000) / log(BUCKET_RATIO)) + 1;
    histogram[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    if (ns > longest) longest = ns;
}

static double percentile_us(double part) {
    uint64_t total = 0, seen = 0;
    for (int i = 0; i < BUCKETS; i++) total += histogram[i];
    for (int i = 0; i < BUCKETS; i++) {
        seen += histogram[i];
        if (total && (double)seen >= part * (double)total) return pow(BUCKET_RATIO, i);
    }
    return 0;
}

/* ---- connections ---- */

static void wait_for_events(void) {
    struct pollfd polled[CONNECTIONS_MAX];
    for (int i = 0; i < connections; i++) {
        polled[i].fd = rpc_get_fd(all[i].rpc);
        polled[i].events = (short)rpc_which_events(all[i].rpc);
        polled[i].revents = 0;
    }
    if (poll(polled, (nfds_t)connections, 10000) <= 0) die("no answer within 10 s");
    for (int i = 0; i < connections; i++)
        if (polled[i].revents && rpc_service(all[i].rpc, polled[i].revents) < 0)
            die("connection: %s", rpc_get_error(all[i].rpc));
}

static void done_once(struct rpc_context *rpc, int status, void *data, void *private_data) {
    if (status != RPC_STATUS_SUCCESS) die("%s", status == RPC_STATUS_ERROR && data ? (char *)data : rpc_get_error(rpc));
    *(int *)private_data = 1;
}

static void mounted(struct rpc_context *rpc, int status, void *data, void *private_data) {
    mountres3 *answer = data;
    if (status != RPC_STATUS_SUCCESS || answer->fhs_status != MNT3_OK)
        die("mounting %s: %s", export, status ? rpc_get_error(rpc) : mountstat3_to_str((int)answer->fhs_status));
    root.length = answer->mountres3_u.mountinfo.fhandle.fhandle3_len;
    memcpy(root.bytes, answer->mountres3_u.mountinfo.fhandle.fhandle3_val, root.length);
    *(int *)private_data = 1;
}

static void connect_to(struct connection *connection, int port, int program, int version) {
    int done = 0, index = (int)(connection - all), before = connections;
    connection->rpc = rpc_init_context();
    if (rpc_connect_port_async(connection->rpc, server, port, program, version, done_once, &done))
        die("connecting: %s", rpc_get_error(connection->rpc));
    connections = index + 1;
    while (!done) wait_for_events();
    connections = before;
}

static void connect_all(void) {
    int done = 0, wanted = connections;
    connect_to(&all[0], mount_port, MOUNT_PROGRAM, MOUNT_V3);
    connections = 1;
    rpc_mount3_mnt_async(all[0].rpc, mounted, export, &done);
    while (!done) wait_for_events();
    rpc_destroy_context(all[0].rpc);
    connections = wanted;
    for (int i = 0; i < wanted; i++) connect_to(&all[i], nfs_port, NFS_PROGRAM, NFS_V3);
}

static nfs_fh3 as_fh(struct handle *handle) {
    nfs_fh3 fh;
    fh.data.data_len = handle->length;
    fh.data.data_val = handle->bytes;
    return fh;
}

static void keep(struct handle *handle, nfs_fh3 *fh) {
    handle->length = fh->data.data_len;
    memcpy(handle->bytes, fh->data.data_val, fh->data.data_len);
}

static void good(struct rpc_context *rpc, int status, int nfs_status, const char *what) {
    if (status != RPC_STATUS_SUCCESS) die("%s: %s", what, rpc_get_error(rpc));
    if (nfs_status != NFS3_OK) die("%s: %s", what, nfsstat3_to_str(nfs_status));
}

static void looked_up_once(struct rpc_context *rpc, int status, void *data, void *private_data) {
    LOOKUP3res *answer = data;
    good(rpc, status, status ? 0 : (int)answer->status, file_name);
    keep(&target, &answer->LOOKUP3res_u.resok.object);
    *(int *)private_data = 1;
}

static void find_target(void) {
    int done = 0;
    LOOKUP3args args = {.what = {.dir = as_fh(&root), .name = (char *)file_name}};
    rpc_nfs3_lookup_async(all[0].rpc, looked_up_once, &args, &done);
    while (!done) wait_for_events();
}

static void committed_once(struct rpc_context *rpc, int status, void *data, void *private_data) {
    good(rpc, status, status ? 0 : (int)((COMMIT3res *)data)->status, "commit");
    *(int *)private_data = 1;
}

static uint64_t commit_ns(void) {
    int done = 0;
    uint64_t before = now_ns();
    COMMIT3args args = {.file = as_fh(&target)};
    rpc_nfs3_commit_async(all[0].rpc, committed_once, &args, &done);
    while (!done) wait_for_events();
    return now_ns() - before;
}

/* ---- the work: issue(slot) sends the next call or lets the slot rest ---- */

static void (*issue)(struct slot *slot);

static uint64_t next_random(void) {
    random_state += 0x9e3779b97f4a7c15u;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void rest(struct slot *slot) {
    slot->connection->in_flight--;
    for (int i = 0; i < connections; i++)
        if (all[i].in_flight) return;
    ended = now_ns();
    finished = 1;
}

static void completed(struct slot *slot, uint64_t transferred) {
    count_latency(now_ns() - slot->started);
    ops++;
    moved += transferred;
    issue(slot);
}

static int exhausted(void) {
    if (count) return next >= count;
    return now_ns() >= deadline;
}

static void send_failed(struct slot *slot) {
    die("sending: %s", rpc_get_error(slot->connection->rpc));
}

static void read_done(struct rpc_context *rpc, int status, void *data, void *private_data) {
    READ3res *answer = data;
    struct slot *slot = private_data;
    good(rpc, status, status ? 0 : (int)answer->status, "read");
    READ3resok *ok = &answer->READ3res_u.resok;
    if (ok->count != block) die("read %u of %" PRIu64 " bytes", ok->count, block);
    for (uint64_t at = 0; at < block; at += CHECKED) {
        uint64_t number;
        memcpy(&number, ok->data.data_val + at, sizeof number);
        if (number != (slot->index * block + at) / CHECKED)
            die("block %" PRIu64 " has the bytes of block %" PRIu64, (slot->index * block + at) / CHECKED, number);
    }
    completed(slot, block);
}

static uint64_t next_index(void) {
    uint64_t blocks = size / block, number = next++;
    if (sequential) return number % blocks;
    return once ? number * ONCE_STEP % blocks : next_random() % blocks;
}

static void issue_read(struct slot *slot) {
    if (exhausted()) {
        rest(slot);
        return;
    }
    slot->index = next_index();
    slot->started = now_ns();
    READ3args args = {.file = as_fh(&target), .offset = slot->index * block, .count = (count3)block};
    if (rpc_nfs3_read_async(slot->connection->rpc, read_done, &args, slot)) send_failed(slot);
}

static void write_done(struct rpc_context *rpc, int status, void *data, void *private_data) {
    WRITE3res *answer = data;
    good(rpc, status, status ? 0 : (int)answer->status, "write");
    if (answer->WRITE3res_u.resok.count != block) die("wrote %u bytes", answer->WRITE3res_u.resok.count);
    completed(private_data, block);
}

static void issue_write(struct slot *slot) {
    if (exhausted()) {
        rest(slot);
        return;
    }
    slot->index = next_index();
    for (uint64_t at = 0; at < block; at += CHECKED) {
        uint64_t number = (slot->index * block + at) / CHECKED;
        memcpy(slot->buffer + at, &number, sizeof number);
    }
    slot->started = now_ns();
    WRITE3args args = {.file = as_fh(&target), .offset = slot->index * block, .count = (count3)block,
        .stable = stable ? FILE_SYNC : UNSTABLE, .data = {.data_len = (u_int)block, .data_val = slot->buffer}};
    if (rpc_nfs3_write_async(slot->connection->rpc, write_done, &args, slot)) send_failed(slot);
}

static void small_write_done(struct rpc_context *rpc, int status, void *data, void *private_data) {
    good(rpc, status, status ? 0 : (int)((WRITE3res *)data)->status, "write of a new file");
    completed(private_data, bytes);
}

static void create_done(struct rpc_context *rpc, int status, void *data, void *private_data) {
    CREATE3res *answer = data;
    struct slot *slot = private_data;
    good(rpc, status, status ? 0 : (int)answer->status, slot->name);
    if (!bytes) {
        completed(slot, 0);
        return;
    }
    if (!answer->CREATE3res_u.resok.obj.handle_follows) die("create gave no handle");
    keep(&slot->file, &answer->CREATE3res_u.resok.obj.post_op_fh3_u.handle);
    WRITE3args args = {.file = as_fh(&slot->file), .offset = 0, .count = (count3)bytes,
        .stable = stable ? FILE_SYNC : UNSTABLE, .data = {.data_len = (u_int)bytes, .data_val = slot->buffer}};
    if (rpc_nfs3_write_async(slot->connection->rpc, small_write_done, &args, slot)) send_failed(slot);
}

static diropargs3 named(struct slot *slot, uint64_t number) {
    snprintf(slot->name, sizeof slot->name, "%s%" PRIu64, prefix, number);
    diropargs3 where = {.dir = as_fh(&target), .name = slot->name};
    return where;
}

static void issue_create(struct slot *slot) {
    if (exhausted()) {
        rest(slot);
        return;
    }
    CREATE3args args;
    memset(&args, 0, sizeof args);
    args.where = named(slot, next++);
    args.how.mode = GUARDED;
    args.how.createhow3_u.g_obj_attributes.mode.set_it = 1;
    args.how.createhow3_u.g_obj_attributes.mode.set_mode3_u.mode = 0644;
    slot->started = now_ns();
    if (rpc_nfs3_create_async(slot->connection->rpc, create_done, &args, slot)) send_failed(slot);
}

static void lookup_done(struct rpc_context *rpc, int status, void *data, void *private_data) {
    struct slot *slot = private_data;
    good(rpc, status, status ? 0 : (int)((LOOKUP3res *)data)->status, slot->name);
    completed(slot, 0);
}

static void issue_lookup(struct slot *slot) {
    if (exhausted()) {
        rest(slot);
        return;
    }
    uint64_t number = next++;
    LOOKUP3args args = {.what = named(slot, spread ? next_random() % spread : number)};
    slot->started = now_ns();
    if (rpc_nfs3_lookup_async(slot->connection->rpc, lookup_done, &args, slot)) send_failed(slot);
}

static void rename_done(struct rpc_context *rpc, int status, void *data, void *private_data) {
    struct slot *slot = private_data;
    good(rpc, status, status ? 0 : (int)((RENAME3res *)data)->status, slot->name);
    completed(slot, 0);
}

static void issue_rename(struct slot *slot) {
    if (exhausted()) {
        rest(slot);
        return;
    }
    RENAME3args args;
    args.from = named(slot, next);
    snprintf(slot->other, sizeof slot->other, "to-%s%" PRIu64, prefix, next++);
    args.to.dir = as_fh(&target);
    args.to.name = slot->other;
    slot->started = now_ns();
    if (rpc_nfs3_rename_async(slot->connection->rpc, rename_done, &args, slot)) send_failed(slot);
}

static void remove_done(struct rpc_context *rpc, int status, void *data, void *private_data) {
    struct slot *slot = private_data;
    good(rpc, status, status ? 0 : (int)((REMOVE3res *)data)->status, slot->name);
    completed(slot, 0);
}

static void issue_remove(struct slot *slot) {
    if (exhausted()) {
        rest(slot);
        return;
    }
    REMOVE3args args = {.object = named(slot, next++)};
    slot->started = now_ns();
    if (rpc_nfs3_remove_async(slot->connection->rpc, remove_done, &args, slot)) send_failed(slot);
}

/* ---- listing: one reader, call after call; an operation is an entry ---- */

static cookie3 cookie;
static cookieverf3 cookie_verifier;
static uint64_t listed;

static void list_done(struct rpc_context *rpc, int status, void *data, void *private_data) {
    READDIRPLUS3res *answer = data;
    struct slot *slot = private_data;
    good(rpc, status, status ? 0 : (int)answer->status, "readdirplus");
    READDIRPLUS3resok *ok = &answer->READDIRPLUS3res_u.resok;
    for (entryplus3 *entry = ok->reply.entries; entry; entry = entry->nextentry) {
        cookie = entry->cookie;
        ops++;
        listed += strcmp(entry->name, ".") && strcmp(entry->name, "..");
    }
    memcpy(cookie_verifier, ok->cookieverf, sizeof cookie_verifier);
    count_latency(now_ns() - slot->started);
    if (ok->reply.eof) {
        if (spread && listed != spread) die("listed %" PRIu64 " of %" PRIu64 " names", listed, spread);
        listed = 0;
        cookie = 0;
        memset(cookie_verifier, 0, sizeof cookie_verifier);
        if (now_ns() >= deadline) {
            rest(slot);
            return;
        }
    }
    issue(slot);
}

static void issue_list(struct slot *slot) {
    READDIRPLUS3args args = {.dir = as_fh(&target), .cookie = cookie, .dircount = 8192, .maxcount = 32768};
    memcpy(args.cookieverf, cookie_verifier, sizeof cookie_verifier);
    slot->started = now_ns();
    if (rpc_nfs3_readdirplus_async(slot->connection->rpc, list_done, &args, slot)) send_failed(slot);
}

/* ---- single calls ---- */

static void made_once(struct rpc_context *rpc, int status, void *data, void *private_data) {
    CREATE3res *answer = data;
    good(rpc, status, status ? 0 : (int)answer->status, file_name);
    *(int *)private_data = 1;
}

static void made_directory_once(struct rpc_context *rpc, int status, void *data, void *private_data) {
    good(rpc, status, status ? 0 : (int)((MKDIR3res *)data)->status, file_name);
    *(int *)private_data = 1;
}

static void removed_directory_once(struct rpc_context *rpc, int status, void *data, void *private_data) {
    good(rpc, status, status ? 0 : (int)((RMDIR3res *)data)->status, file_name);
    *(int *)private_data = 1;
}

static void directory(void) {
    int done = 0;
    if (!strcmp(work, "mkdir")) {
        MKDIR3args args;
        memset(&args, 0, sizeof args);
        args.where.dir = as_fh(&root);
        args.where.name = (char *)file_name;
        args.attributes.mode.set_it = 1;
        args.attributes.mode.set_mode3_u.mode = 0755;
        rpc_nfs3_mkdir_async(all[0].rpc, made_directory_once, &args, &done);
    } else {
        RMDIR3args args = {.object = {.dir = as_fh(&root), .name = (char *)file_name}};
        rpc_nfs3_rmdir_async(all[0].rpc, removed_directory_once, &args, &done);
    }
    while (!done) wait_for_events();
    puts("{}");
}

static void create_target(void) {
    int done = 0;
    CREATE3args args;
    memset(&args, 0, sizeof args);
    args.where.dir = as_fh(&root);
    args.where.name = (char *)file_name;
    args.how.mode = UNCHECKED;
    args.how.createhow3_u.obj_attributes.mode.set_it = 1;
    args.how.createhow3_u.obj_attributes.mode.set_mode3_u.mode = 0644;
    rpc_nfs3_create_async(all[0].rpc, made_once, &args, &done);
    while (!done) wait_for_events();
}

/* ---- one run ---- */

static void run(void) {
    struct slot *slots = calloc((size_t)(connections * depth), sizeof *slots);
    uint64_t before[PIDS_MAX], own = own_cpu_us(), committed = 0;
    size_t room = block > bytes ? block : bytes;
    for (int i = 0; i < connections * depth; i++) {
        slots[i].connection = &all[i % connections];
        slots[i].buffer = malloc(room + 8);
        for (size_t at = 0; at < room; at += 8) {
            uint64_t word = next_random();
            memcpy(slots[i].buffer + at, &word, sizeof word);
        }
    }
    for (int i = 0; i < pid_count; i++) before[i] = cpu_ticks(pids[i]);
    uint64_t started = now_ns();
    deadline = started + seconds * 1000000000u;
    for (int i = 0; i < connections * depth; i++) slots[i].connection->in_flight++;
    for (int i = 0; i < connections * depth; i++) issue(&slots[i]);
    while (!finished) wait_for_events();
    if (issue == issue_write && commit) committed = commit_ns();
    double took = (double)(ended - started) / 1e9;
    printf("{\"work\":\"%s\",\"ops\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"seconds\":%.6f,\"commitSeconds\":%.6f,", work, ops,
        moved, took, (double)committed / 1e9);
    printf("\"p50Us\":%.1f,\"p99Us\":%.1f,\"maxUs\":%.1f,\"clientCpuUs\":%" PRIu64 ",\"cpuUs\":[", percentile_us(0.5),
        percentile_us(0.99), (double)longest / 1e3, own_cpu_us() - own);
    uint64_t tick_us = 1000000u / (uint64_t)sysconf(_SC_CLK_TCK);
    for (int i = 0; i < pid_count; i++)
        printf("%s%" PRIu64, i ? "," : "", (cpu_ticks(pids[i]) - before[i]) * tick_us);
    puts("]}");
}

static void choose(void) {
    if (!strcmp(work, "read")) issue = issue_read;
    else if (!strcmp(work, "write") || !strcmp(work, "fill") || !strcmp(work, "copy")) issue = issue_write;
    else if (!strcmp(work, "create")) issue = issue_create;
    else if (!strcmp(work, "lookup")) issue = issue_lookup;
    else if (!strcmp(work, "rename")) issue = issue_rename;
    else if (!strcmp(work, "remove")) issue = issue_remove;
    else if (!strcmp(work, "list")) issue = issue_list;
    if (!strcmp(work, "fill") || !strcmp(work, "copy")) {
        sequential = 1;
        count = size / block;
    }
}

static int option(const char *name, char *value) {
    const struct { const char *name; uint64_t *into; } numbers[] = {{"size", &size}, {"block", &block},
        {"seconds", &seconds}, {"seed", &seed}, {"count", &count}, {"bytes", &bytes}, {"spread", &spread}};
    const struct { const char *name; int *into; } flags[] = {{"depth", &depth}, {"connections", &connections},
        {"sequential", &sequential}, {"stable", &stable}, {"once", &once}, {"commit", &commit}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strcmp(name, numbers[i].name)) return *numbers[i].into = strtoull(value, NULL, 10), 1;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (!strcmp(name, flags[i].name)) return *flags[i].into = atoi(value), 1;
    if (!strcmp(name, "file")) return file_name = value, 1;
    if (!strcmp(name, "prefix")) return prefix = value, 1;
    if (strcmp(name, "pids")) return 0;
    for (char *one = strtok(value, ","); one && pid_count < PIDS_MAX; one = strtok(NULL, ",")) pids[pid_count++] = atoi(one);
    return 1;
}

int main(int argc, char **argv) {
    int usable = argc >= 3 && argc % 2 == 1 &&
        sscanf(argv[1], "%255[^:]:%d:%d:%1023s", server, &nfs_port, &mount_port, export) == 4;
    if (usable) work = argv[2];
    for (int i = 3; usable && i < argc; i += 2) usable = !strncmp(argv[i], "--", 2) && option(argv[i] + 2, argv[i + 1]);
    int single = !strcmp(work, "mkdir") || !strcmp(work, "rmdir");
    choose();
    if (!usable || (!issue && !single) || connections < 1 || connections > CONNECTIONS_MAX || depth < 1 ||
        depth > DEPTH_MAX || !block || size < block) {
        fputs("usage: nfsbench address:port:mount-port:/export WORK [--option value]...; the source has the list\n", stderr);
        return 2;
    }
    random_state = seed;
    connect_all();
    if (single) {
        directory();
        return 0;
    }
    if (!strcmp(work, "fill")) create_target();
    find_target();
    run();
    return 0;
}

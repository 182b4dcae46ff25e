/* Prints who said what to whom in a capture, and which objects went from program to program.
 *
 *     cc -std=c99 -Wall -Wextra -Werror who.c $(pkg-config --cflags --libs msnp) -o who
 *     ./who capture.pcap
 *
 * Exit status: 0 if there is MSNP in it, 1 if not, 2 if it cannot be read. MIT OR Apache-2.0.
 */
#include <inttypes.h>
#include <stdio.h>

#include <msnp.h>

/* A text has a length and no NUL at its end; line ends in what people wrote would break our lines. */
static void print_text(msnp_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char letter = (unsigned char)text.data[i];
        putchar(letter < ' ' ? ' ' : letter);
    }
}

static void print_account(msnp_text account)
{
    if (account.data != NULL)
        print_text(account);
    else
        fputs("somebody", stdout);
}

/* Seconds of the day, UTC. */
static void print_clock(msnp_time time)
{
    if (!time.known) {
        fputs("no time ", stdout);
        return;
    }
    int64_t second = ((time.seconds % 86400) + 86400) % 86400;
    printf("%02d:%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static int complain(const char *what, msnp_status status, const msnp_session *session)
{
    msnp_text why = msnp_session_error(session);
    if (why.length == 0)
        why = msnp_status_text(status);
    fprintf(stderr, "%s: %.*s\n", what, (int)why.length, why.data);
    return 2;
}

/* One line of a chat: `18:30:04  alice@example.com → bob@example.com: Hi`. */
static void print_messages(const msnp_messages *messages)
{
    msnp_message message;
    for (size_t i = 0; msnp_messages_at(messages, i, &message) == MSNP_STATUS_OK; i++) {
        if (message.text.data == NULL)
            continue;
        print_clock(message.time);
        fputs("  ", stdout);
        print_account(message.from);
        fputs(" → ", stdout);
        msnp_text account;
        for (size_t k = 0; msnp_messages_recipient(messages, i, k, &account) == MSNP_STATUS_OK; k++) {
            fputs(k == 0 ? "" : ", ", stdout);
            print_text(account);
        }
        fputs(message.recipients == 0 ? "nobody: " : ": ", stdout);
        print_text(message.text);
        putchar('\n');
    }
}

/* A sum over all bytes of an object, read piece by piece: stands for whatever a program does with them. */
static uint32_t sum_of(const msnp_transfers *transfers, size_t index)
{
    uint8_t buffer[1000];
    uint64_t offset = 0;
    uint32_t sum = 0;
    size_t copied = 0;
    while (msnp_transfers_read(transfers, index, offset, buffer, sizeof buffer, &copied) == MSNP_STATUS_OK && copied > 0) {
        for (size_t i = 0; i < copied; i++)
            sum = sum * 31 + buffer[i];
        offset += copied;
    }
    return sum;
}

static void print_transfers(const msnp_transfers *transfers)
{
    msnp_transfer transfer;
    for (size_t i = 0; msnp_transfers_at(transfers, i, &transfer) == MSNP_STATUS_OK; i++) {
        print_clock(transfer.began);
        fputs("  ", stdout);
        print_account(transfer.from);
        fputs(" → ", stdout);
        print_account(transfer.to);
        fputs(": ", stdout);
        print_text(transfer.kind);
        printf(", %" PRIu64 " bytes, ", transfer.received);
        print_text(transfer.state);
        printf(", %08" PRIx32 "\n", sum_of(transfers, i));
    }
}

static int tell(msnp_session *session, const char *path)
{
    msnp_messages *messages = NULL;
    msnp_transfers *transfers = NULL;
    msnp_totals totals;
    msnp_status status = msnp_session_file(session, path);
    if (status != MSNP_STATUS_OK)
        return complain(path, status, session);
    status = msnp_session_totals(session, &totals);
    if (status == MSNP_STATUS_OK)
        status = msnp_session_messages(session, &messages);
    if (status == MSNP_STATUS_OK)
        status = msnp_session_transfers(session, &transfers);
    if (status == MSNP_STATUS_OK) {
        print_messages(messages);
        print_transfers(transfers);
    }
    msnp_transfers_free(transfers);
    msnp_messages_free(messages);
    if (status != MSNP_STATUS_OK)
        return complain(path, status, session);
    return totals.recognised > 0 ? 0 : 1;
}

int main(int count, char **words)
{
    if (!msnp_abi_fits(MSNP_ABI_MAJOR, MSNP_ABI_MINOR)) {
        fputs("The library is not the one this program was built for.\n", stderr);
        return 2;
    }
    if (count != 2) {
        fprintf(stderr, "usage: %s CAPTURE\n", words[0]);
        return 2;
    }
    msnp_session *session = NULL;
    msnp_status status = msnp_session_new(MSNP_FOLLOW_STORY | MSNP_FOLLOW_TRANSFERS, &session);
    if (status != MSNP_STATUS_OK)
        return complain("a session", status, session);
    int end = tell(session, words[1]);
    msnp_session_free(session);
    return end;
}

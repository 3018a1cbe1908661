// Plays scenarios of share groups with franz-go; each prints one line of what it saw. The topics are there, and their groups begin at offset 0.
package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

var bootstrap = os.Args[1]

func main() {
	accepted()
	each()
	renewed()
	closed()
	exact()
}

func client(group string, options ...kgo.Opt) *kgo.Client {
	all := []kgo.Opt{kgo.SeedBrokers(bootstrap), kgo.ShareGroup(group), kgo.ConsumeTopics(group)}
	client, err := kgo.NewClient(append(all, options...)...)
	if err != nil {
		fail(err)
	}
	return client
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func produce(topic string, count int) {
	client, err := kgo.NewClient(kgo.SeedBrokers(bootstrap), kgo.DefaultProduceTopic(topic))
	if err != nil {
		fail(err)
	}
	defer client.Close()
	records := make([]*kgo.Record, count)
	for i := range records {
		records[i] = kgo.StringRecord(fmt.Sprint(i))
	}
	if err := client.ProduceSync(context.Background(), records...).FirstErr(); err != nil {
		fail(err)
	}
}

// poll reads so many records; fewer when none come any more.
func poll(client *kgo.Client, count int, patience time.Duration, work func(*kgo.Record)) []string {
	var seen []string
	for len(seen) < count {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		records := client.PollFetches(ctx).Records()
		cancel()
		if len(records) == 0 && ctx.Err() != nil {
			break
		}
		for _, record := range records {
			seen = append(seen, fmt.Sprintf("%d x%d", record.Offset, record.DeliveryCount()))
			work(record)
		}
	}
	sort.Strings(seen)
	return seen
}

func say(scenario string, seen []string) {
	fmt.Println(scenario + ": " + strings.Join(seen, ", "))
}

func flush(client *kgo.Client) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := client.FlushAcks(ctx); err != nil {
		fail(err)
	}
}

const long = 20 * time.Second

// What is not acknowledged is accepted by the next poll, or by flush.
func accepted() {
	produce("go-accepted", 5)
	one := client("go-accepted")
	say("accepted", poll(one, 5, long, func(*kgo.Record) {}))
	one.MarkAcks(kgo.AckAccept)
	flush(one)
	one.Close()
	two := client("go-accepted")
	defer two.Close()
	say("accepted, then", poll(two, 1, 2*time.Second, func(*kgo.Record) {}))
}

func each() {
	produce("go-each", 4)
	one := client("go-each")
	defer one.Close()
	say("each", poll(one, 4, long, func(record *kgo.Record) {
		switch record.Offset {
		case 1:
			record.Ack(kgo.AckRelease)
		case 2:
			record.Ack(kgo.AckReject)
		default:
			record.Ack(kgo.AckAccept)
		}
	}))
	say("each, then", poll(one, 1, long, func(record *kgo.Record) { record.Ack(kgo.AckAccept) }))
	flush(one)
	say("each, last", poll(one, 1, 2*time.Second, func(*kgo.Record) {}))
}

// A lock of three seconds that is renewed for longer: nobody else gets the record. Acknowledgements wait for the fetch that is under way.
func renewed() {
	produce("go-renewed", 1)
	one := client("go-renewed", kgo.FetchMaxWait(200*time.Millisecond))
	defer one.Close()
	var held *kgo.Record
	say("renewed", poll(one, 1, long, func(record *kgo.Record) { held = record }))
	other := client("go-renewed")
	defer other.Close()
	stolen := []string{}
	for range 7 {
		held.Ack(kgo.AckRenew)
		flush(one)
		stolen = append(stolen, poll(other, 1, 600*time.Millisecond, func(*kgo.Record) {})...)
	}
	held.Ack(kgo.AckAccept)
	flush(one)
	say("renewed, others", stolen)
}

// What was released when a consumer closes goes to the next one. Its background fetch may have got it once more before the close, so
// the delivery count is 2 or 3.
func closed() {
	produce("go-closed", 3)
	one := client("go-closed")
	say("closed", poll(one, 3, long, func(record *kgo.Record) {
		if record.Offset == 0 {
			record.Ack(kgo.AckAccept)
		} else {
			record.Ack(kgo.AckRelease)
		}
	}))
	one.Close()
	two := client("go-closed")
	defer two.Close()
	seen := poll(two, 2, long, func(record *kgo.Record) { record.Ack(kgo.AckAccept) })
	for i, one := range seen {
		seen[i] = regexp.MustCompile("x[23]$").ReplaceAllString(one, "again")
	}
	say("closed, then", seen)
}

// record_limit: no more than asked for, though all are in one batch.
func exact() {
	produce("go-exact", 10)
	one := client("go-exact", kgo.ShareMaxRecords(2), kgo.ShareMaxRecordsStrict())
	defer one.Close()
	most, all := 0, 0
	for all < 10 {
		ctx, cancel := context.WithTimeout(context.Background(), long)
		records := one.PollFetches(ctx).Records()
		cancel()
		if len(records) == 0 {
			break
		}
		most = max(most, len(records))
		all += len(records)
	}
	fmt.Printf("exact: %d records, at most %d at once\n", all, most)
}

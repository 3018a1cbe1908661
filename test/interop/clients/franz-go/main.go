// Prints what franz-go reads of some topics, each up to the key "last": topic, offset, key, value.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	for _, topic := range os.Args[2:] {
		if err := read(os.Args[1], topic); err != nil {
			fmt.Fprintln(os.Stderr, topic, err)
			os.Exit(1)
		}
	}
}

func read(bootstrap, topic string) error {
	start := map[string]map[int32]kgo.Offset{topic: {0: kgo.NewOffset().At(0)}}
	client, err := kgo.NewClient(kgo.SeedBrokers(bootstrap), kgo.ConsumePartitions(start), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return err
		}
		for iter := fetches.RecordIter(); !iter.Done(); {
			record := iter.Next()
			value := "null"
			if record.Value != nil {
				value = string(record.Value)
			}
			fmt.Println(topic, record.Offset, string(record.Key), value)
			if string(record.Key) == "last" {
				return nil
			}
		}
	}
}

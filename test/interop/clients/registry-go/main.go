// franz-go's sr registers, evolves, fails on an incompatible schema and reads back.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/sr"
)

const (
	first  = `{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}`
	second = `{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"string","default":""}]}`
	broken = `{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"c","type":"string"}]}`
)

func check(ok bool, what string, details ...any) {
	if !ok {
		fmt.Println(append([]any{what}, details...)...)
		os.Exit(1)
	}
}

func franz(url string) {
	ctx := context.Background()
	client, err := sr.NewClient(sr.URLs(url))
	check(err == nil, "client", err)
	one, err := client.CreateSchema(ctx, "go-value", sr.Schema{Schema: first})
	check(err == nil && one.Version == 1, "first", one, err)
	two, err := client.CreateSchema(ctx, "go-value", sr.Schema{Schema: second})
	check(err == nil && two.Version == 2 && two.ID != one.ID, "second", two, err)
	_, err = client.CreateSchema(ctx, "go-value", sr.Schema{Schema: broken})
	var refused *sr.ResponseError
	check(errors.As(err, &refused) && refused.StatusCode == 409, "broken", err)
	read, err := client.SchemaByID(ctx, two.ID)
	check(err == nil && read.Schema == second, "by id", read, err)
	compatible, err := client.CheckCompatibility(ctx, "go-value", -1, sr.Schema{Schema: broken})
	check(err == nil && !compatible.Is, "check", compatible, err)
	subjects, err := client.Subjects(ctx)
	check(err == nil && len(subjects) == 1, "subjects", subjects, err)
	versions, err := client.DeleteSubject(ctx, "go-value", sr.SoftDelete)
	check(err == nil && len(versions) == 2, "delete", versions, err)
}

func main() {
	franz(os.Args[1])
	fmt.Println("ok")
}

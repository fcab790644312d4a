// Reads PROC/net/tcp five times with prometheus/procfs, as node_exporter has it, and prints the seconds of each.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/prometheus/procfs"
)

func main() {
	proc, err := procfs.NewFS(os.Args[1])
	for i := 0; i < 5 && err == nil; i++ {
		start := time.Now()
		if _, err = proc.NetTCP(); err == nil {
			fmt.Printf("%.0f\n", time.Since(start).Seconds()*1000)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

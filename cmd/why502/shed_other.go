//go:build !linux

package main

func shed() {}

func shedFinely() {}

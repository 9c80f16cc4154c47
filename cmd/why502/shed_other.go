//go:build !linux

package main

func shed() {}

// Package checker decides whether a history of client operations is one that
// a correct log could have produced. A History comes from a simulator or from
// real clients; Check sweeps it, CheckBoth lets Porcupine judge it too. The
// README beside this file states the exact conditions and names every anomaly.
package checker

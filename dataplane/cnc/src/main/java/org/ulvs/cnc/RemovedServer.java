// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * A real server that was deleted while connections pointed to it; adding it again to the same service revives it.
 *
 * @param service key of the service that it belonged to
 * @param server what it was; its slot stays taken
 */
public record RemovedServer(ServiceKey service, ServerImage server) {}

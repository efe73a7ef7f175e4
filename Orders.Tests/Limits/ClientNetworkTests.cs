using System.Net;
using Orders.Api.Limits;

namespace Orders.Tests.Limits;

internal sealed class ClientNetworkTests
{
    [TestCase("192.0.2.1", "192.0.2.1")]
    [TestCase("192.0.2.1", "::ffff:192.0.2.1")]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff")]
    [TestCase("fe80::1%1", "fe80::2%2")]
    public void Addresses_of_one_client_are_one_network(string one, string other) => Assert.That(Of(one), Is.EqualTo(Of(other)));

    [TestCase("192.0.2.1", "192.0.2.2")]
    [TestCase("192.0.2.1", "::192.0.2.1")]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:3::1")]
    [TestCase("::1", "127.0.0.1")]
    [TestCase("0.0.0.0", "::")]
    public void Addresses_of_two_clients_are_two_networks(string one, string other) => Assert.That(Of(one), Is.Not.EqualTo(Of(other)));

    [Test]
    public void Clients_on_a_socket_of_files_are_one_network() => Assert.That(ClientNetwork.Of((IPAddress?)null), Is.EqualTo(default(ClientNetwork)));

    private static ClientNetwork Of(string address) => ClientNetwork.Of(IPAddress.Parse(address));
}

using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase;

/// <summary>One server with TLS for all tests of this folder.</summary>
[SetUpFixture]
internal sealed class LakebaseRun
{
    private static TlsServer? _server;

    public static TlsServer Server => _server ?? throw new InvalidOperationException("The server with TLS is not started.");

    [OneTimeSetUp]
    public async Task StartServer() => _server = await TlsServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopServer()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

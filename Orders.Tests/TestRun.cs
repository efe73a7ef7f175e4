namespace Orders.Tests;

/// <summary>Starts one database server for the whole test run.</summary>
[SetUpFixture]
internal sealed class TestRun
{
    private static Support.DatabaseServer? _server;

    public static string ConnectionString => _server?.ConnectionString ?? throw new InvalidOperationException("The test run has no database server.");

    [OneTimeSetUp]
    public async Task StartServer() => _server = await Support.DatabaseServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopServer()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

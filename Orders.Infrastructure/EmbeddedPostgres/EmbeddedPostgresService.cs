using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orders.Application;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// The private server's life in the service: up, with its schema and sample data, before the service listens; down after the last
/// request is answered.
/// </summary>
internal sealed class EmbeddedPostgresService(IOptions<EmbeddedPostgresOptions> options, IServiceProvider services, ILogger<EmbeddedPostgresService> logger)
    : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>The size of the sample: 15,000 orders.</summary>
    private const string SampleScaleFactor = "0.01";

    private EmbeddedPostgresServer? _server;

    public string ConnectionString => _server?.ConnectionString ?? throw new InvalidOperationException("The private server is used before it is started.");

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _server = await EmbeddedPostgresServer.StartAsync(options.Value, logger, cancellationToken);
        await services.GetRequiredService<ISchemaMigrator>().MigrateAsync(cancellationToken);
        if (options.Value.LoadSample)
        {
            var sample = new SeedRequest { ScaleFactor = ScaleFactor.Parse(SampleScaleFactor), Mode = SeedMode.IfEmpty };
            await services.GetRequiredService<IOrderSeeder>().LoadAsync(sample, new Progress<SeedProgress>(), cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    /// <summary>Also when the service does not get as far as being stopped: an address that is taken, say.</summary>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
